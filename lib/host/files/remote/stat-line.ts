import { defined } from '../../../defined.ts'
import type { FileStat } from '../files.ts'

/** What `stat -c` is asked for; GNU and busybox know every field. Account names hold no colon, so that it separates. */
export const statFormat = '%f:%u:%g:%s:%Y:%i:%h:%X:%Z:%d:%U:%G'

const types: Readonly<Record<number, FileStat['type']>> = {
  0o01: 'fifo',
  0o02: 'character',
  0o04: 'directory',
  0o06: 'block',
  0o10: 'file',
  0o12: 'link',
  0o14: 'socket',
}

export function isStatLine(line: string): boolean {
  return /^[0-9a-f]+(:[^:]*){11}$/.test(line)
}

/** Reads one line of {@link statFormat}. */
export function parseStat(path: string, line: string, target?: string): FileStat {
  const [mode = '', uid, gid, size, mtime, inode, links, atime, ctime, device, owner = '', group = ''] = line.split(':')
  const bits = parseInt(mode, 16)
  const [user, primary] = [Number(uid), Number(gid)]
  return {
    path,
    type: types[bits >> 12] ?? 'file',
    mode: bits & 0o7777,
    uid: user,
    gid: primary,
    owner: known(owner, user),
    group: known(group, primary),
    size: Number(size),
    mtime: Number(mtime),
    atime: Number(atime),
    ctime: Number(ctime),
    inode: Number(inode),
    links: Number(links),
    device: Number(device),
    ...defined({ target }),
  }
}

/** `stat` says UNKNOWN for an id without an account; the number is of more use. */
function known(name: string, id: number): string {
  return name === '' || name === 'UNKNOWN' ? String(id) : name
}

/**
 * Reads the output of `find -exec stat`, each record beginning with `//` on a new line (a path has no double slash), then that of `readlink` for the links
 * in the same form. Names with newlines come through whole. Sorted by path, so that a folder comes
 * before what it holds.
 */
export function parseTree(output: string): readonly FileStat[] {
  const [stats = '', links = ''] = `\n${output}`.split('\n///\n')
  const targets = new Map(records(links).map((record) => [beforeMark(record), afterMark(record)]))
  return records(stats)
    .map((record) => {
      const path = afterMark(record)
      return parseStat(path, beforeMark(record), targets.get(path))
    })
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

function records(output: string): readonly string[] {
  return `\n${output}`
    .split('\n//')
    .slice(1)
    .map((record) => record.replace(/\n$/, ''))
}

function beforeMark(record: string): string {
  return record.slice(0, record.indexOf('//'))
}

function afterMark(record: string): string {
  return record.slice(record.indexOf('//') + 2)
}
