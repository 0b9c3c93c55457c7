import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { FileStat, Times } from '../../host/files/files.ts'
import type { HostReader } from '../../host/host.ts'
import { fresh, infoAfter, umaskFor, type FileInfo, type Wanted } from './attributes.ts'

export interface FileParams extends Wanted {
  readonly path: string
  readonly src?: string
  readonly recurse: boolean
  readonly force: boolean
  readonly follow: boolean
}

export interface FileResult extends FileInfo {
  readonly path: string
  readonly dest?: string
  readonly src?: string
}

/** Everything a plan needs to know of the path it is about. */
export interface Sight {
  readonly host: HostReader
  readonly params: FileParams
  readonly times: Times
  /** What is at the path: a link itself. */
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

/** What Ansible calls what is there. */
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
