import type { FileAttributes } from '../../host/files/files.ts'
import { posix } from 'node:path'
import type { HostReader } from '../../host/host.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { change, unchanged, type Plan } from '../../play/module.ts'
import { inTime } from '../../regexp/in-time.ts'
import type { FileInfo } from './attributes.ts'
import { contentDiff } from './content.ts'
import type { WriteParams } from './parameters.ts'
import { planFile } from './replacement.ts'

/** Which file {@link planEdit} edits, and how it is written. */
export interface EditParams extends WriteParams {
  /** The absolute path of the file. */
  readonly path: string
  /** Make the file, and the folders on the way to it, where it is missing. */
  readonly create: boolean
  /** A missing file is as it should be; this is said of it. */
  readonly missing?: string | undefined
  /** Owner and mode of the folders that are made for it. */
  readonly folder?: FileAttributes
  /** A link at the path is followed, unless told otherwise. */
  readonly follow?: boolean
}

/** What an edit makes of a file's content. */
export interface Edit {
  /** The new content; the same bytes when there is nothing to do. */
  readonly content: Buffer
  /** Ansible's message where the content changes. */
  readonly msg: string
  /** The message where it does not. */
  readonly note?: string
}

/** What modules that edit a file return. */
export interface EditResult extends Partial<FileInfo> {
  /** The path of the file. */
  readonly path: string
  /** Ansible's message; empty when nothing was done. */
  readonly msg: string
  /** Where the old file is kept, if `backup` was asked for. */
  readonly backup_file?: string
}

/**
 * Plans a change of a file's content, and of its owner and mode where they are given. Links are followed by default.
 *
 * @param edit - what to make of the content; empty bytes when there is no file. Pure.
 * @throws {@link Unreadable} when there is no file and `create` is false.
 * @example
 * // The plan of a module that sets a value in /etc/limits.conf.
 * plan: (params, host) => planEdit(host, { ...params, path: '/etc/limits.conf', create: true }, (now) => ({
 *   content: Buffer.from(now.toString().replace(/^nofile .*$/m, `nofile ${params.nofile}`)),
 *   msg: 'limit set',
 * }))
 */
export async function planEdit(
  host: HostReader,
  params: EditParams,
  edit: (content: Buffer) => Edit,
): Promise<Plan<EditResult>> {
  const { path, create, missing, folder, follow = true, owner, group, mode, ...options } = params
  const [stat, content] = await Promise.all([host.files.stat(path, { follow }), host.files.read(path)])
  if (content === undefined && missing !== undefined) return unchanged({ path, msg: missing })
  if (content === undefined && !create) throw missingFile(host, path)
  const { content: wanted, msg, note = '' } = inTime(() => edit(content ?? Buffer.alloc(0)), path)
  if (content === undefined && wanted.length === 0) return unchanged({ path, msg: note })

  const parent = posix.dirname(path)
  const folderMissing = content === undefined && (await host.files.stat(parent, { follow: true })) === undefined
  const plan = await planFile(
    host,
    {
      path,
      wanted: { owner, group, mode },
      size: wanted.length,
      follow,
      options,
      content: { in: 'memory', bytes: wanted },
    },
    {
      stat,
      same: content?.equals(wanted) === true && stat?.type !== 'link',
      diff: () => Promise.resolve(contentDiff(path, content, wanted)),
    },
  )
  const done = [plan.contentChanged ? msg : note, plan.attributesChanged ? 'ownership or perms changed' : '']
  const result = { path, ...plan.info, msg: done.filter((part) => part !== '').join(' and ') }
  if (!plan.changed) return unchanged(result)
  return change({
    diff: plan.diff,
    result,
    apply: async (writable) => {
      if (folderMissing) await writable.files.makeDirectory(parent, folder)
      return plan.apply(writable)
    },
  })
}

/** The error for a file that a module needs and that is not there. In check mode it is a prediction, if an earlier task makes the file. */
export function missingFile(host: HostReader, path: string): Unreadable {
  return new Unreadable(`there is no file ${path}`, 'file', {
    host: host.name,
    next: 'make it in an earlier task, or write create: true',
  })
}
