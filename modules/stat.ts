import {
  choice,
  defined,
  defineModule,
  HostwrightError,
  Type,
  unchanged,
  withDefault,
  type FileStat,
} from '../lib/index.ts'
import { destinationOf } from '../lib/kit/files/destination.ts'
import { formatMode } from '../lib/kit/files/mode.ts'

/**
 * What is at a path of the host. It changes nothing; register its result and ask `stat.exists`, `stat.isdir`, `stat.mode`, `stat.checksum`.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/stat_module.html
 *
 * @throws when the user may not look there.
 * @example
 * .task('Was it promoted?', () => stat({ path: '/var/lib/postgresql/17/main/standby.signal' }), { register: 'history' })
 */
export const stat = defineModule({
  name: 'stat',
  summary: 'What is at a path.',
  reads: true,
  params: {
    path: Type.String({ description: 'The path to look at.' }),
    follow: withDefault(Type.Boolean({ description: 'Look at what a link leads to.' }), false),
    get_checksum: withDefault(Type.Boolean({ description: 'Compute the checksum of a file.' }), true),
    checksum_algorithm: withDefault(
      choice(['md5', 'sha1', 'sha224', 'sha256', 'sha384', 'sha512'], {
        description: 'The hash function of the checksum.',
      }),
      'sha1',
    ),
  },
  examples: [{ name: 'A file', params: { path: '/etc/hostname' } }],
  plan: async ({ path, follow, get_checksum, checksum_algorithm }, host) => {
    const found = await host.files.stat(path, { follow })
    if (found === undefined) return unchanged<StatResult>({ stat: { exists: false } })
    const [leadsTo, checksum] = await Promise.all([
      found.type === 'link' ? destinationOf(host.files, path, found) : undefined,
      get_checksum && found.type === 'file'
        ? host.files.checksum(path, checksum_algorithm).catch(notReadable)
        : undefined,
    ])
    return unchanged<StatResult>({
      stat: {
        ...described(path, found),
        ...defined({ lnk_source: leadsTo, checksum }),
      },
    })
  },
})

/** Who may look at a file but not read it gets all but its checksum. */
function notReadable(error: unknown): undefined {
  if (error instanceof HostwrightError && error.kind === 'failed') return undefined
  throw error
}

/** The result of `stat`. */
export interface StatResult {
  /** What is at the path. */
  readonly stat: FileDescription
}

/** What is at a path, under Ansible's names. */
export interface FileDescription {
  /** Whether anything is there; the rest is left out if not. */
  readonly exists: boolean
  /** The path that was asked for. */
  readonly path?: string | undefined
  /** Permission bits: `0644`. */
  readonly mode?: string | undefined
  /** A folder. */
  readonly isdir?: boolean | undefined
  /** A character device. */
  readonly ischr?: boolean | undefined
  /** A block device. */
  readonly isblk?: boolean | undefined
  /** A regular file. */
  readonly isreg?: boolean | undefined
  /** A named pipe. */
  readonly isfifo?: boolean | undefined
  /** A symbolic link. */
  readonly islnk?: boolean | undefined
  /** A socket. */
  readonly issock?: boolean | undefined
  /** The number of its owner. */
  readonly uid?: number | undefined
  /** The number of its group. */
  readonly gid?: number | undefined
  /** The name of its owner. */
  readonly pw_name?: string | undefined
  /** The name of its group. */
  readonly gr_name?: string | undefined
  /** Its length in bytes. */
  readonly size?: number | undefined
  /** The number of its inode. */
  readonly inode?: number | undefined
  /** The number of its device. */
  readonly dev?: number | undefined
  /** How many hard links it has. */
  readonly nlink?: number | undefined
  /** When it was last read, in seconds since the epoch. */
  readonly atime?: number | undefined
  /** When its content last changed, in seconds since the epoch. */
  readonly mtime?: number | undefined
  /** When its inode last changed, in seconds since the epoch. */
  readonly ctime?: number | undefined
  /** Its owner may write it. */
  readonly wusr?: boolean | undefined
  /** Its owner may read it. */
  readonly rusr?: boolean | undefined
  /** Its owner may execute it. */
  readonly xusr?: boolean | undefined
  /** Its group may write it. */
  readonly wgrp?: boolean | undefined
  /** Its group may read it. */
  readonly rgrp?: boolean | undefined
  /** Its group may execute it. */
  readonly xgrp?: boolean | undefined
  /** Others may write it. */
  readonly woth?: boolean | undefined
  /** Others may read it. */
  readonly roth?: boolean | undefined
  /** Others may execute it. */
  readonly xoth?: boolean | undefined
  /** It runs as its owner. */
  readonly isuid?: boolean | undefined
  /** It runs as its group. */
  readonly isgid?: boolean | undefined
  /** What a symbolic link says. */
  readonly lnk_target?: string | undefined
  /** What a symbolic link leads to, as an absolute path. */
  readonly lnk_source?: string | undefined
  /** The checksum of its content, if it was asked for. */
  readonly checksum?: string | undefined
}

/** Ansible's names for the properties of a file. */
export function described(path: string, found: FileStat): FileDescription {
  const bit = (mask: number) => (found.mode & mask) !== 0
  return {
    exists: true,
    path,
    mode: formatMode(found.mode),
    isdir: found.type === 'directory',
    ischr: found.type === 'character',
    isblk: found.type === 'block',
    isreg: found.type === 'file',
    isfifo: found.type === 'fifo',
    islnk: found.type === 'link',
    issock: found.type === 'socket',
    uid: found.uid,
    gid: found.gid,
    pw_name: found.owner,
    gr_name: found.group,
    size: found.size,
    inode: found.inode,
    dev: found.device,
    nlink: found.links,
    atime: found.atime,
    mtime: found.mtime,
    ctime: found.ctime,
    wusr: bit(0o200),
    rusr: bit(0o400),
    xusr: bit(0o100),
    wgrp: bit(0o020),
    rgrp: bit(0o040),
    xgrp: bit(0o010),
    woth: bit(0o002),
    roth: bit(0o004),
    xoth: bit(0o001),
    isuid: bit(0o4000),
    isgid: bit(0o2000),
    ...defined({ lnk_target: found.target }),
  }
}
