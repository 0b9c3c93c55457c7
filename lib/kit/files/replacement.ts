import { defined } from '../../defined.ts'
import { writeOne } from '../../host/files/write-one.ts'
import type { FileContent, FileToWrite, FileAttributes } from '../../host/files/files.ts'
import type { FileStat } from '../../host/files/files.ts'
import type { Host, HostReader } from '../../host/host.ts'
import { unknownText, type Diff } from '../../play/module.ts'
import { attributeChange, fresh, infoAfter, onlyChanged, umaskFor, type FileInfo } from './attributes.ts'
import type { WriteParams } from './parameters.ts'

/** A file as it is to be: where, with which content, owner and mode. */
export interface FileGoal {
  readonly path: string
  readonly wanted: FileAttributes
  readonly size: number
  /** A link at the path is followed, or replaced by the file. */
  readonly follow: boolean
  readonly content: FileContent
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

/** What would change about a file, and how. */
export interface FilePlan {
  /** Whether anything would. */
  readonly changed: boolean
  /** Whether its content would. */
  readonly contentChanged: boolean
  /** Whether its owner, group or mode would. */
  readonly attributesChanged: boolean
  /** Before and after. */
  readonly diff: readonly Diff[]
  /** What the result says of the file. */
  readonly info: FileInfo & { readonly backup_file?: string }
  /** What {@link apply} writes, where the content changes; to be written with others. */
  readonly write?: FileToWrite
  /** Makes the change. */
  readonly apply: (host: Host) => Promise<{ readonly backup_file?: string }>
}

/** Plans a file's content, owner and mode. Every module that writes a file uses it. */
export async function planFile(host: HostReader, goal: FileGoal, now: FileNow): Promise<FilePlan> {
  const { path, wanted, follow, options, size, content } = goal
  const there = now.stat?.type === 'link' ? undefined : now.stat
  const contentChanged = !now.same || there === undefined
  const umask = there === undefined ? await host.files.umask() : await umaskFor(host.files, wanted.mode)
  const base = there ?? fresh(host.user, 0o644 & ~umask, 0)
  const attributes = there === undefined ? undefined : attributeChange(there, wanted, umask)
  const info = infoAfter('file', { ...base, size }, wanted, umask)
  const backedUp = contentChanged && options.backup && there !== undefined
  const { backup, validate, unsafe_writes: unsafe } = options
  const write = contentChanged ? { path, content, options: { ...wanted, follow, backup, validate, unsafe } } : undefined
  return {
    changed: contentChanged || attributes !== undefined,
    contentChanged,
    attributesChanged: attributes !== undefined,
    diff: [
      ...(contentChanged ? [await now.diff()] : []),
      ...(attributes === undefined ? [] : [{ of: path, ...attributes }]),
    ],
    info: { ...info, ...(backedUp ? { backup_file: unknownText(`the backup of ${path}`) } : {}) },
    ...defined({ write }),
    apply: async ({ files }) => {
      if (write === undefined) {
        await files.setAttributes(path, onlyChanged(wanted, attributes), { follow })
        return {}
      }
      const kept = await writeOne(files, write)
      return defined({ backup_file: kept })
    },
  }
}
