import { posix } from 'node:path'
import type { FileReader, FileStat } from '../files.ts'
import { hostPath } from '../host-path.ts'
import { bytesOf, checksumOf, type Nodes } from './overlay-nodes.ts'
import type { Places } from './overlay-places.ts'
import { isADirectory } from '../remote/trouble.ts'

/** Reads what a simulated run has put there, then the real host. Until something was put, reads go straight to the real host. */
export function overlayReader(real: FileReader, nodes: Nodes, places: Places): FileReader & OverlayStat {
  /** Files were put below a folder that is not there (yet): a package, say, will bring it. */
  function implied(place: string): FileStat | undefined {
    return nodes.below(place).some((below) => typeof nodes.at(below) === 'object') ? impliedDirectory(place) : undefined
  }

  async function statAt(place: string): Promise<FileStat | undefined> {
    const found = nodes.at(place)
    if (typeof found === 'object') return found.stat
    return (found === 'real' ? await real.stat(place) : undefined) ?? implied(place)
  }

  /** What to read, when a simulated run has put something there; undefined where only the real host knows. */
  async function content<T>(
    path: string,
    simulated: (content: Parameters<typeof bytesOf>[0]) => Promise<T | undefined>,
    onHost: (place: string) => Promise<T | undefined>,
  ): Promise<T | undefined> {
    if (nodes.empty) return onHost(path)
    const place = await places.of(hostPath(path), true)
    const found = nodes.at(place)
    if (found === 'real') return onHost(place)
    if (found === 'nothing') return undefined
    if (found.stat.type === 'directory') throw isADirectory(path)
    return found.content === undefined ? onHost(place) : simulated(found.content)
  }

  const checksum: FileReader['checksum'] = (path, algorithm, options) =>
    content(
      path,
      (found) => checksumOf(found, algorithm, real),
      (place) => real.checksum(place, algorithm, options),
    )

  return {
    statAt,
    stat: async (path, options = {}) => {
      if (nodes.empty) return real.stat(path, options)
      const stat = await statAt(await places.of(hostPath(path), options.follow === true))
      return stat === undefined ? undefined : { ...stat, path }
    },
    read: (path) =>
      content(
        path,
        (found) => bytesOf(found, real),
        (place) => real.read(place),
      ),
    checksum,
    sha256: (path, options) => checksum(path, 'sha256', options),
    list: async (path) => {
      if (nodes.empty) return real.list(path)
      const place = await places.of(hostPath(path), true)
      if ((await statAt(place))?.type !== 'directory') return undefined
      const ours = nodes.below(place).map((below) => posix.relative(place, below).split('/')[0] ?? '')
      const theirs = shows(nodes, place) ? ((await real.list(place)) ?? []) : []
      const there = (name: string) => {
        const child = posix.join(place, name)
        const found = nodes.at(child)
        return typeof found === 'object' || (found === 'real' && theirs.includes(name)) || implied(child) !== undefined
      }
      return [...new Set([...theirs, ...ours])].filter(there).sort()
    },
    tree: async (path) => {
      if (nodes.empty) return real.tree(path)
      const place = await places.of(hostPath(path), false)
      const root = await statAt(place)
      if (root === undefined) return undefined
      const theirs = shows(nodes, place) ? ((await real.tree(place)) ?? []) : []
      const entries = new Map(theirs.filter((entry) => nodes.at(entry.path) === 'real').map((one) => [one.path, one]))
      for (const below of nodes.below(place)) {
        const found = nodes.at(below)
        if (typeof found === 'object') entries.set(below, found.stat)
      }
      entries.set(place, root)
      return [...entries.values()]
        .sort((a, b) => (a.path < b.path ? -1 : 1))
        .map((entry) => ({ ...entry, path: path + entry.path.slice(place.length) }))
    },
    umask: () => real.umask(),
  }
}

export interface OverlayStat {
  /** The stat of a place that {@link Places} gave. Links are not followed. */
  statAt(place: string): Promise<FileStat | undefined>
}

/** Does anything of the real host show at and below this place? */
function shows(nodes: Nodes, place: string): boolean {
  const found = nodes.at(place)
  return found === 'real' || (typeof found === 'object' && !found.opaque)
}

let inodes = Number.MAX_SAFE_INTEGER

/** What something new looks like; the account is not known by number before it is on the host. */
export function newStat(path: string, type: FileStat['type'], mode: number, owner: string): FileStat {
  return {
    path,
    type,
    mode,
    uid: owner === 'root' ? 0 : -1,
    gid: owner === 'root' ? 0 : -1,
    owner,
    group: owner,
    size: 0,
    mtime: Infinity,
    inode: inodes--,
    links: 1,
  }
}

function impliedDirectory(path: string): FileStat {
  return newStat(path, 'directory', 0o755, 'root')
}
