import { defined } from '../../../defined.ts'
import { posix } from 'node:path'
import type { FileToWrite, FileAttributes } from '../../../host/files/files.ts'
import type { Host, HostReader } from '../../../host/host.ts'
import { inChunks } from '../../../host/in-chunks.ts'
import { change, unchanged, type Diff, type Plan } from '../../../play/module.ts'
import { attributeChange, onlyChanged, umaskFor } from '../attributes.ts'
import type { CopyParams, CopyResult } from './copied.ts'
import type { FilePlan } from '../replacement.ts'
import type { EntryOf } from './source-tree.ts'

/** Something in a copied folder, by its path on the host. */
export type TreeEntry = EntryOf<{
  /** What would change about the file; undefined for nothing. */
  readonly plan: () => Promise<FileStep | undefined>
}>

/** The parts of a file's plan with which it can be written together with other files. */
export type FileStep = Pick<FilePlan, 'changed' | 'diff' | 'apply' | 'write'>

type Apply = (host: Host) => Promise<unknown>

/** The action for an entry. Actions of one kind are done together. */
interface Step {
  readonly diff: readonly Diff[]
  readonly make?: string
  readonly folder?: Apply
  readonly write?: FileToWrite
  readonly file?: Apply
  readonly link?: Apply
}

/** How many of one kind are on their way at once, a request each. */
const atOnce = 100

/** Brings a folder with all it holds to the host. Everything is looked at in one round trip. */
export async function planTree(
  host: HostReader,
  dest: string,
  params: CopyParams,
  entries: readonly TreeEntry[],
): Promise<Plan<CopyResult>> {
  const { owner, group, directory_mode: mode } = params
  const steps = await Promise.all(
    entries.map((entry): Promise<Step | undefined> => {
      switch (entry.type) {
        case 'directory':
          return planDirectory(host, entry.path, { owner, group, mode })
        case 'file':
          return entry.plan().then(stepOfFile)
        case 'link':
          return planLink(host, entry.path, entry.target)
      }
    }),
  )
  const needed = steps.filter((step) => step !== undefined)
  const result: CopyResult = { dest, state: 'directory', ...defined({ src: params.src }) }
  if (needed.length === 0) return unchanged(result)
  return change({
    diff: needed.flatMap((step) => step.diff),
    result,
    apply: async (writable) => {
      const each = (kind: 'folder' | 'file' | 'link') =>
        inChunks(
          needed.flatMap((step) => step[kind] ?? []),
          atOnce,
          (apply) => apply(writable),
        )
      const { files } = writable
      // A folder before what it holds.
      await files.makeDirectories(
        needed.flatMap((step) => step.make ?? []),
        { owner, group, mode },
      )
      await each('folder')
      await files.writeAll(needed.flatMap((step) => step.write ?? []))
      await each('file')
      await each('link')
    },
  })
}

async function planDirectory(host: HostReader, path: string, wanted: FileAttributes): Promise<Step | undefined> {
  const stat = await host.files.stat(path, { follow: true })
  if (stat === undefined) return { diff: [stateDiff(path, 'directory')], make: path }
  const differs = attributeChange(stat, wanted, await umaskFor(host.files, wanted.mode))
  if (differs === undefined) return undefined
  return {
    diff: [{ of: path, ...differs }],
    folder: ({ files }) => files.setAttributes(path, onlyChanged(wanted, differs), { follow: true }),
  }
}

function stepOfFile(plan: FileStep | undefined): Step | undefined {
  if (plan === undefined || !plan.changed) return undefined
  const { diff, write, apply } = plan
  return write === undefined ? { diff, file: apply } : { diff, write }
}

async function planLink(host: HostReader, path: string, target: string): Promise<Step | undefined> {
  const stat = await host.files.stat(path)
  if (stat?.target === target) return undefined
  return {
    diff: [{ of: path, before: { src: stat?.target ?? stat?.type ?? 'absent' }, after: { src: target } }],
    link: ({ files }) => files.link(path, target, 'symbolic'),
  }
}

/** Where a folder goes: `folder/` brings what it holds, `folder` the folder itself. */
export function treeDestination(src: string, dest: string): string {
  return posix.normalize(src.endsWith('/') ? `${dest}/.` : posix.join(dest, posix.basename(src))).replace(/\/$/, '')
}

function stateDiff(path: string, state: string): Diff {
  return { of: path, before: { state: 'absent' }, after: { state } }
}
