import type { FileStat, FileWriter, WriteOptions } from '../../lib/host/files/files.ts'
import type { Host, HostReader } from '../../lib/host/host.ts'
import { unknownText, type Diff } from '../../lib/play/module.ts'
import { attributeChange, fresh, infoAfter, only, umaskFor, type FileInfo, type Wanted } from './attributes.ts'
import type { WriteParams } from './parameters.ts'

/** A file as it is to be: where, with which content, owner and mode. */
export interface FileGoal {
  readonly path: string
  readonly wanted: Wanted
  readonly size: number
  /** A link at the path is followed, or replaced by the file. */
  readonly follow: boolean
  readonly write: (files: FileWriter, options: WriteOptions) => Promise<string | undefined>
  readonly options: Pick<WriteParams, 'backup' | 'validate' | 'unsafe_writes'>
}

/** The file as it is. */
export interface FileNow {
  readonly stat: FileStat | undefined
  /** Is the content the wanted one already? */
  readonly same: boolean
  /** Says how the content changes; asked only when it does. */
  readonly diff: () => Promise<Diff>
}

export interface FilePlan {
  readonly changed: boolean
  readonly contentChanged: boolean
  readonly attributesChanged: boolean
  readonly diff: readonly Diff[]
  readonly info: FileInfo & { readonly backup_file?: string }
  readonly apply: (host: Host) => Promise<{ readonly backup_file?: string }>
}

/** What it takes for a file to have its content, owner and mode: the one plan behind every module that writes a file. */
export async function planFile(host: HostReader, goal: FileGoal, now: FileNow): Promise<FilePlan> {
  const { path, wanted, follow, options, size } = goal
  const there = now.stat?.type === 'link' ? undefined : now.stat
  const contentChanged = !now.same || there === undefined
  const umask = there === undefined ? await host.files.umask() : await umaskFor(host.files, wanted.mode)
  const base = there ?? fresh(host.user, 0o644 & ~umask, 0)
  const attributes = there === undefined ? undefined : attributeChange(there, wanted, umask)
  const info = infoAfter('file', { ...base, size }, wanted, umask)
  const backedUp = contentChanged && options.backup && there !== undefined
  return {
    changed: contentChanged || attributes !== undefined,
    contentChanged,
    attributesChanged: attributes !== undefined,
    diff: [
      ...(contentChanged ? [await now.diff()] : []),
      ...(attributes === undefined ? [] : [{ of: path, ...attributes }]),
    ],
    info: { ...info, ...(backedUp ? { backup_file: unknownText(`the backup of ${path}`) } : {}) },
    apply: async ({ files }) => {
      if (!contentChanged) {
        await files.setAttributes(path, only(wanted, attributes), { follow })
        return {}
      }
      const { backup, validate, unsafe_writes: unsafe } = options
      const kept = await goal.write(files, { ...wanted, follow, backup, validate, unsafe })
      return kept === undefined ? {} : { backup_file: kept }
    },
  }
}
