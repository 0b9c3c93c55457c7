import { stat as statHere } from 'node:fs/promises'
import { HostwrightError } from '../../../error.ts'
import type { Effect } from '../../pending-effects.ts'
import { Unreadable } from '../../unreadable.ts'
import { inChunks } from '../../in-chunks.ts'
import { writeOne } from '../write-one.ts'
import type { FileContent } from '../files.ts'
import type { FileAttributes, FileReader, FileStat, FileWriter, WriteOptions } from '../files.ts'
import { hostPath, parentOf } from '../host-path.ts'
import { isOctal, resolveMode } from '../mode.ts'
import { filesMemory, Places, type FilesMemory } from './overlay-places.ts'
import { newStat, overlayReader } from './overlay-reader.ts'
import { isADirectory, noFolder } from '../remote/trouble.ts'

/**
 * The files of a simulated host: what is written here is seen by later reads, and nothing reaches the real one. The folder of a file that is written need not
 * be there, because an earlier task's package may bring it; accounts are taken by name, because an earlier task may make them.
 *
 * @param user - who new files belong to.
 * @param memory - what earlier tasks of the run have written.
 * @param mayCome - whether an earlier task may bring folders (a package, an account, a command); when none may, a missing one is the error that it is in a run.
 */
export function simulatedFiles(
  real: FileReader,
  note: (effect: Effect) => void,
  user: () => string = () => 'root',
  mayCome: () => boolean = () => true,
  memory: FilesMemory = filesMemory(),
): FileWriter {
  const { nodes } = memory
  const places = new Places(memory, real)
  const reader = overlayReader(real, nodes, places)
  const noteFile = (path: string) => note({ kind: 'file', name: path })

  async function modeFor(mode: string | undefined, now: FileStat | undefined, made: number, directory: boolean) {
    if (mode !== undefined && isOctal(mode)) return resolveMode(mode, { current: 0, directory, umask: 0 })
    if (mode === undefined && now !== undefined) return now.mode
    const umask = await reader.umask()
    const current = now?.mode ?? made & ~umask
    return mode === undefined ? current : resolveMode(mode, { current, directory, umask })
  }

  async function replace(path: string, content: FileContent, size: number, options: WriteOptions): Promise<undefined> {
    const place = await places.of(hostPath(path), options.follow !== false)
    const there = await reader.statAt(place)
    if (there?.type === 'directory') throw isADirectory(path)
    if (there === undefined && (await reader.stat(parentOf(place), { follow: true })) === undefined && !mayCome())
      throw noFolder(path)
    const now = there?.type === 'link' ? undefined : there
    const mode = await modeFor(options.mode, now, 0o644, false)
    const fresh = newStat(place, 'file', mode, user())
    const kept = now === undefined ? {} : { uid: now.uid, gid: now.gid, owner: now.owner, group: now.group }
    nodes.put(place, { content, opaque: true, stat: owned({ ...fresh, ...kept, size }, options) })
    noteFile(path)
  }

  /** Changes what is known of something that is there, wherever its content is. */
  function restat(place: string, stat: FileStat): void {
    const found = nodes.at(place)
    if (typeof found === 'object') nodes.put(place, { ...found, stat })
    else
      nodes.put(place, {
        stat,
        opaque: found === 'nothing',
        ...(stat.type === 'file' ? { content: { in: 'host', path: place } } : {}),
      })
  }

  async function setOn(place: string, stat: FileStat, attributes: FileAttributes): Promise<void> {
    const directory = stat.type === 'directory'
    const mode = stat.type === 'link' ? stat.mode : await modeFor(attributes.mode, stat, 0, directory)
    restat(place, owned({ ...stat, mode }, attributes))
  }

  async function contentOf(path: string): Promise<{ readonly content: FileContent; readonly stat: FileStat }> {
    const place = await places.of(hostPath(path), true)
    const [found, stat] = [nodes.at(place), await reader.statAt(place)]
    if (stat === undefined) throw missing(path)
    if (stat.type === 'directory') throw isADirectory(path)
    return { content: (typeof found === 'object' ? found.content : undefined) ?? { in: 'host', path: place }, stat }
  }

  /** Where folders are to be made so that there is one at this path, the outermost first. */
  async function missingFolders(path: string): Promise<readonly string[]> {
    const missing: string[] = []
    for (let at = path; ; at = parentOf(at)) {
      const there = await reader.statAt(await places.of(at, true))
      if (there?.type === 'directory' || at === parentOf(at)) return missing
      if (there !== undefined || (await reader.statAt(await places.of(at, false))) !== undefined)
        throw new HostwrightError(`${at} is not a directory`, { next: 'remove it in an earlier task' })
      missing.unshift(await places.of(at, true))
    }
  }

  async function makeDirectories(paths: readonly string[], attributes: FileAttributes = {}): Promise<void> {
    const missing = await Promise.all(paths.map((path) => missingFolders(hostPath(path))))
    for (const place of new Set(missing.flat())) {
      const mode = await modeFor(attributes.mode, undefined, 0o777, true)
      nodes.put(place, { stat: owned(newStat(place, 'directory', mode, user()), attributes), opaque: true })
    }
    for (const path of paths) noteFile(path)
  }

  const writing: Pick<FileWriter, 'write' | 'upload' | 'copy'> = {
    write: (path, bytes, options = {}) => replace(path, { in: 'memory', bytes }, bytes.length, options),
    upload: async (path, source, options = {}) =>
      replace(path, { in: 'file', path: source }, (await statHere(source)).size, options),
    copy: async (path, source, options = {}) => {
      const { content, stat } = await contentOf(source)
      return replace(path, content, stat.size, options)
    },
  }

  const { statAt: _, ...reads } = reader
  return {
    ...reads,
    ...writing,
    // All together, so that what they look at is asked together.
    writeAll: (files) => inChunks(files, files.length, (file) => writeOne(writing, file)),
    makeDirectory: (path, attributes) => makeDirectories([path], attributes),
    makeDirectories,
    setAttributes: async (path, attributes, { recurse = false, follow = false } = {}) => {
      const place = await places.of(hostPath(path), follow)
      const stats = recurse ? await reader.tree(place) : [await reader.statAt(place)]
      for (const stat of stats ?? []) {
        if (stat === undefined) throw missing(path)
        await setOn(stat.path, stat, attributes)
      }
      noteFile(path)
    },
    link: async (path, target, kind) => {
      const place = await places.of(hostPath(path), false)
      if ((await reader.statAt(place))?.type === 'directory') throw isADirectory(path)
      if (kind === 'symbolic') {
        const stat = newStat(place, 'link', 0o777, user())
        nodes.put(place, { opaque: true, stat: { ...stat, target, size: Buffer.byteLength(target) } })
      } else {
        const { content, stat } = await contentOf(target)
        const linked = { ...stat, links: stat.links + 1 }
        restat(stat.path, linked)
        nodes.put(place, { content, opaque: true, stat: { ...linked, path: place } })
      }
      noteFile(path)
    },
    touch: async (path, { modification } = {}) => {
      const place = await places.of(hostPath(path), true)
      const now = await reader.statAt(place)
      if (now === undefined) await replace(path, { in: 'memory', bytes: Buffer.alloc(0) }, 0, {})
      else if (modification !== 'preserve') restat(place, { ...now, mtime: Infinity })
      noteFile(path)
    },
    remove: async (path) => {
      nodes.remove(await places.of(hostPath(path), false))
      noteFile(path)
    },
  }
}

/** Accounts by name, or by number where a number was given: nobody may have made them yet. */
function owned(stat: FileStat, { owner, group }: FileAttributes): FileStat {
  return {
    ...stat,
    ...(owner === undefined || owner === String(stat.uid) ? {} : { owner, uid: idOf(owner, stat.owner, stat.uid) }),
    ...(group === undefined || group === String(stat.gid) ? {} : { group, gid: idOf(group, stat.group, stat.gid) }),
  }
}

function idOf(wanted: string, now: string, id: number): number {
  if (/^\d+$/.test(wanted)) return Number(wanted)
  return wanted === now ? id : wanted === 'root' ? 0 : -1
}

function missing(path: string): Unreadable {
  return new Unreadable(`there is no ${path}`, 'file', { next: 'make it in an earlier task, or correct the path' })
}
