import { readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { raw, sh, type Script } from '../../quote.ts'
import type { Archived } from './archive.ts'
import type { FileContent, FileToWrite } from './files.ts'
import { commonFolder, hostPath, parentOf, pathWord, wayBelow } from './host-path.ts'
import { bays, placeScript, type Placed } from './scripts/place-script.ts'

/** A script that puts many files in place, and the archive that it reads; nothing where the files come from the host itself. */
export interface Placement {
  readonly script: Script
  readonly archived: readonly Archived[]
}

/** The script for these files, whose modes are octal digits by now. Those from the host itself have the names there that they are to have. */
export function placementOf(files: readonly FileToWrite[], unique: string): Placement {
  const root = commonFolder(files.map(({ path }) => parentOf(hostPath(path))))
  const groups = new Map<string, Placed & { readonly names: string[] }>()
  const archived: Archived[] = []
  const copied = new Map<string, string[]>()
  const folderOf = (path: string) => wayBelow(root, parentOf(hostPath(path)))
  const bay = bays(files.map(({ path }) => folderOf(path)))
  for (const { path, content, options } of files) {
    const folder = folderOf(path)
    const name = posix.basename(hostPath(path))
    const { owner, group, mode, follow } = options
    const like = { folder, owner, group, mode, replacesLinks: follow === false }
    listed(groups, JSON.stringify(like), () => ({ ...like, names: [] })).names.push(name)
    const staged = bay.get(folder) ?? '.'
    if (content.in === 'host') listed(copied, staged, () => []).push(content.path)
    else archived.push({ name: `${staged}/${name}`, read: () => bytesOf(content) })
  }
  const fill =
    copied.size === 0 ? unpack : raw([...copied].map(([staged, paths]) => copyInto(staged, paths).text).join(' && '))
  return { script: placeScript(root, [...groups.values()], unique, fill), archived }
}

function bytesOf(content: Exclude<FileContent, { readonly in: 'host' }>): Buffer {
  return content.in === 'memory' ? content.bytes : readFileSync(content.path)
}

/** Unpacks the archive on standard input into the bays. TAR_OPTIONS is cleared, because it could change what tar does. */
const unpack = raw('TAR_OPTIONS= tar -xmof -')

function copyInto(staged: string, paths: readonly string[]): Script {
  return sh`cp -- ${raw(paths.map((path) => pathWord(path).text).join(' '))} ${staged}`
}

function listed<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const known = map.get(key) ?? make()
  map.set(key, known)
  return known
}
