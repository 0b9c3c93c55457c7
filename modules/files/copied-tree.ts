import { posix } from 'node:path'
import type { HostReader } from '../../lib/host/host.ts'
import { change, unchanged, type Diff, type Plan } from '../../lib/play/module.ts'
import { attributeChange, only, umaskFor, type Wanted } from './attributes.ts'
import type { CopyParams, CopyResult } from './copied.ts'
import type { FilePlan } from './replacement.ts'
import type { Host } from '../../lib/host/host.ts'

/** What a copied folder holds, with paths of the host. */
export type TreeEntry =
  | { readonly path: string; readonly type: 'directory' }
  | {
      readonly path: string
      readonly type: 'file'
      readonly plan: () => Promise<Pick<FilePlan, 'changed' | 'diff' | 'apply'>>
    }
  | { readonly path: string; readonly type: 'link'; readonly target: string }

type Step = Pick<FilePlan, 'changed' | 'diff'> & { readonly apply: (host: Host) => Promise<unknown> }

/** Brings a folder with all it holds to the host. Everything is looked at in one round trip. */
export async function planTree(
  host: HostReader,
  dest: string,
  params: CopyParams,
  entries: readonly TreeEntry[],
): Promise<Plan<CopyResult>> {
  const { owner, group, directory_mode: mode } = params
  const steps = await Promise.all(
    entries.map((entry): Promise<Step> => {
      switch (entry.type) {
        case 'directory':
          return planDirectory(host, entry.path, { owner, group, mode })
        case 'file':
          return entry.plan()
        case 'link':
          return planLink(host, entry.path, entry.target)
      }
    }),
  )
  const needed = steps.filter((step) => step.changed)
  const result: CopyResult = { dest, state: 'directory', ...(params.src === undefined ? {} : { src: params.src }) }
  if (needed.length === 0) return unchanged(result)
  return change({
    diff: needed.flatMap((step) => step.diff),
    result,
    apply: async (writable) => {
      // In order: a folder before what it holds.
      for (const step of needed) await step.apply(writable)
    },
  })
}

async function planDirectory(host: HostReader, path: string, wanted: Wanted): Promise<Step> {
  const stat = await host.files.stat(path, { follow: true })
  if (stat === undefined)
    return {
      changed: true,
      diff: [stateDiff(path, 'directory')],
      apply: ({ files }) => files.makeDirectory(path, wanted),
    }
  const differs = attributeChange(stat, wanted, await umaskFor(host.files, wanted.mode))
  return {
    changed: differs !== undefined,
    diff: differs === undefined ? [] : [{ of: path, ...differs }],
    apply: ({ files }) => files.setAttributes(path, only(wanted, differs), { follow: true }),
  }
}

async function planLink(host: HostReader, path: string, target: string): Promise<Step> {
  const stat = await host.files.stat(path)
  return {
    changed: stat?.target !== target,
    diff: [{ of: path, before: { src: stat?.target ?? stat?.type ?? 'absent' }, after: { src: target } }],
    apply: ({ files }) => files.link(path, target, 'symbolic'),
  }
}

/** Where a folder goes: `folder/` brings what it holds, `folder` the folder itself. */
export function treeDestination(src: string, dest: string): string {
  return posix.normalize(src.endsWith('/') ? `${dest}/.` : posix.join(dest, posix.basename(src))).replace(/\/$/, '')
}

function stateDiff(path: string, state: string): Diff {
  return { of: path, before: { state: 'absent' }, after: { state } }
}
