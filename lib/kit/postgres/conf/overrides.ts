import { posix } from 'node:path'
import { commentOut, parseConf } from './conf.ts'
import type { ConfTree, PlacedEntry } from './conf-tree.ts'

/** A line that is read later than ours and says something else: it wins. */
export interface Override extends PlacedEntry {
  readonly wanted: string
}

/** The entries as they would be with this file (one that is read, or will be once it lies in its directory) written anew. */
export function withFile(tree: ConfTree, path: string, text: string): readonly PlacedEntry[] {
  const fresh = parseConf(text).map((entry): PlacedEntry => ({ ...entry, file: path }))
  const others = tree.entries.filter(({ file }) => file !== path)
  const first = tree.entries.findIndex(({ file }) => file === path)
  const at = first === -1 ? others.findIndex(({ file }) => readLater(tree, file, path)) : first
  return others.toSpliced(at === -1 ? others.length : at, 0, ...fresh)
}

/** A file without entries, or not there yet, finds its place by its name among those of its directory. */
function readLater(tree: ConfTree, file: string, path: string): boolean {
  return (
    file === tree.auto ||
    (posix.dirname(file) === posix.dirname(path) && posix.basename(file) !== 'postgresql.conf' && file > path)
  )
}

/** What overrides these settings of this file. */
export function overridesOf(
  entries: readonly PlacedEntry[],
  path: string,
  settings: ReadonlyMap<string, string>,
  same: (name: string, one: string, other: string) => boolean,
): readonly Override[] {
  return [...settings].flatMap(([name, wanted]) => {
    const mine = entries.findLastIndex((entry) => entry.file === path && entry.name === name.toLowerCase())
    const later = entries.slice(mine + 1).filter((entry) => entry.name === name.toLowerCase() && entry.file !== path)
    const last = later.at(-1)
    if (last === undefined || same(name, last.value, wanted)) return []
    return later.map((entry) => ({ ...entry, wanted }))
  })
}

/** The files without the lines that override ours: in files of other people they become comments, ALTER SYSTEM's are removed. */
export function mendedFiles(tree: ConfTree, overrides: readonly Override[], path: string): ReadonlyMap<string, string> {
  const files = [...new Set(overrides.map(({ file }) => file))]
  return new Map(
    files.map((file) => {
      const text = tree.texts.get(file) ?? ''
      const here = overrides.filter((override) => override.file === file)
      const numbers = new Set(here.map(({ line }) => line))
      if (file !== tree.auto) return [file, commentOut(text, new Set(here.map(({ name }) => name)), `set in ${path}`)]
      return [
        file,
        text
          .split('\n')
          .filter((_, line) => !numbers.has(line))
          .join('\n'),
      ]
    }),
  )
}
