import type { FileAttributes, FileReader, FileStat } from '../../host/files/files.ts'
import { formatMode, isOctal, resolveMode } from '../../host/files/mode.ts'

/** What Ansible returns of a file. The numbers of accounts that only the run will make are not known before. */
export interface FileInfo {
  /** The kind of file; `absent` when nothing is there. */
  readonly state: 'file' | 'directory' | 'link' | 'hard' | 'absent'
  /** The name of the user who owns it. */
  readonly owner?: string
  /** The name of its group. */
  readonly group?: string
  /** The number of that user. */
  readonly uid?: number
  /** The number of that group. */
  readonly gid?: number
  /** The permissions: `0644`. */
  readonly mode?: string
  /** Its length in bytes. */
  readonly size?: number
}

/** The owner, group and mode that differ, before and after, for a diff. */
export interface AttributeChange {
  /** The attributes as they are. */
  readonly before: Readonly<Record<string, string>>
  /** The attributes as they will be. */
  readonly after: Readonly<Record<string, string>>
}

/** The umask, asked for only when a symbolic mode depends on it. */
export async function umaskFor(files: FileReader, mode: string | undefined): Promise<number> {
  return mode === undefined || isOctal(mode) ? 0 : files.umask()
}

/** Which of the wanted attributes something does not have yet. Accounts are compared by name, or by number where one is given. */
export function attributeChange(stat: FileStat, wanted: FileAttributes, umask: number): AttributeChange | undefined {
  const mode = wanted.mode === undefined || stat.type === 'link' ? stat.mode : modeAfter(stat, wanted.mode, umask)
  const differing = [
    ...(isAccount(wanted.owner, stat.owner, stat.uid) ? [] : [['owner', stat.owner, wanted.owner ?? ''] as const]),
    ...(isAccount(wanted.group, stat.group, stat.gid) ? [] : [['group', stat.group, wanted.group ?? ''] as const]),
    ...(mode === stat.mode ? [] : [['mode', formatMode(stat.mode), formatMode(mode)] as const]),
  ]
  if (differing.length === 0) return undefined
  return {
    before: Object.fromEntries(differing.map(([name, before]) => [name, before])),
    after: Object.fromEntries(differing.map(([name, , after]) => [name, after])),
  }
}

/** Only what is to be changed, in the form {@link FileWriter.setAttributes} takes. */
export function onlyChanged(wanted: FileAttributes, change: AttributeChange | undefined): FileAttributes {
  const pick = (name: keyof FileAttributes) => (change?.after[name] === undefined ? {} : { [name]: wanted[name] })
  return { ...pick('owner'), ...pick('group'), ...pick('mode') }
}

/** The file after the task: the present one, or a new one, with the wanted attributes. */
export function infoAfter(
  state: FileInfo['state'],
  stat: Pick<FileStat, 'owner' | 'group' | 'uid' | 'gid' | 'mode' | 'size'>,
  wanted: FileAttributes,
  umask: number,
): FileInfo {
  const directory = state === 'directory'
  const mode =
    wanted.mode === undefined || state === 'link' ? stat.mode : modeAfter({ ...stat, directory }, wanted.mode, umask)
  return {
    state,
    ...account('owner', 'uid', wanted.owner, stat.owner, stat.uid),
    ...account('group', 'gid', wanted.group, stat.group, stat.gid),
    mode: formatMode(mode),
    size: stat.size,
  }
}

/** What something new of this user looks like before anything is wanted of it. */
export function fresh(user: string, mode: number, size: number) {
  const id = user === 'root' ? 0 : -1
  return { owner: user, group: user, uid: id, gid: id, mode, size }
}

function modeAfter(
  stat: { readonly mode: number; readonly type?: FileStat['type']; readonly directory?: boolean },
  wanted: string,
  umask: number,
): number {
  return resolveMode(wanted, { current: stat.mode, directory: stat.directory ?? stat.type === 'directory', umask })
}

function isAccount(wanted: string | undefined, name: string, id: number): boolean {
  return wanted === undefined || wanted === name || wanted === String(id)
}

function account<N extends string, I extends string>(
  nameKey: N,
  idKey: I,
  wanted: string | undefined,
  name: string,
  id: number,
): { [key in N]?: string } & { [key in I]?: number } {
  const [nameAfter, idAfter] = isAccount(wanted, name, id)
    ? [name, id]
    : [wanted ?? name, /^\d+$/.test(wanted ?? '') ? Number(wanted) : wanted === 'root' ? 0 : -1]
  const parts = { [nameKey]: nameAfter, ...(idAfter < 0 ? {} : { [idKey]: idAfter }) }
  return parts as { [key in N]?: string } & { [key in I]?: number }
}
