import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { FileStat, Times, FileAttributes } from '../../host/files/files.ts'
import type { HostReader } from '../../host/host.ts'
import { fresh, infoAfter, umaskFor, type FileInfo } from './attributes.ts'

/** The parameters of `file` that its states use. */
export interface FileParams extends FileAttributes {
  /** The path it is about. */
  readonly path: string
  /** Where a link leads. */
  readonly src?: string
  /** Set the attributes of everything below a directory too. */
  readonly recurse: boolean
  /** Replace what is in the way of a link. */
  readonly force: boolean
  /** Act on what a link leads to, not on the link. */
  readonly follow: boolean
}

/** What `file` returns. */
export interface FileResult extends FileInfo {
  /** The path it is about. */
  readonly path: string
  /** The path of a link, or of a touched file. */
  readonly dest?: string
  /** Where a link leads. */
  readonly src?: string
}

/** Everything a plan needs to know of the path it is about. */
export interface Sight {
  /** The host, to read. */
  readonly host: HostReader
  /** What the task asks for. */
  readonly params: FileParams
  /** Which times are set to now. */
  readonly times: Times
  /** What is at the path. For a link, the link itself. */
  readonly stat: FileStat | undefined
  /** What it leads to. */
  readonly target: FileStat | undefined
  /** What a link there is to lead to: for a symbolic one seen from the folder of the path, for a hard one itself. */
  readonly source: FileStat | undefined
}

/** The path that a link in this folder leads to. */
export function linkTarget(folder: string, target: string): string {
  return posix.isAbsolute(target) ? target : posix.join(folder, target)
}

/** The `state` that Ansible's `file` returns for it. */
export function kindOf(stat: FileStat): Exclude<FileInfo['state'], 'absent'> {
  if (stat.type === 'link' || stat.type === 'directory') return stat.type
  return stat.links > 1 ? 'hard' : 'file'
}

/** What will be there, with the attributes that are wanted. */
export async function resultOf(
  { host, params }: Sight,
  state: FileInfo['state'],
  stat: FileStat | undefined,
): Promise<FileResult> {
  const umask = stat === undefined ? await host.files.umask() : await umaskFor(host.files, params.mode)
  const made = state === 'directory' ? 0o777 : state === 'link' ? 0o777 : 0o644
  const base = stat ?? fresh(host.user, state === 'link' ? made : made & ~umask, 0)
  return { path: params.path, ...infoAfter(state, base, params, umask) }
}

export function conflict({ host, params: { path }, stat, target }: Sight, wanted: string): HostwrightError {
  const is =
    stat?.type === 'link' && target === undefined
      ? 'link that leads nowhere'
      : kindOf(target ?? stat ?? ({ type: 'file', links: 1 } as FileStat))
  return new HostwrightError(`${path} is a ${is}, not a ${wanted}`, {
    host: host.name,
    next: `remove it in an earlier task (state: 'absent'), or correct the path`,
  })
}
