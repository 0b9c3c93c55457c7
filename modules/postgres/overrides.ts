import { commentOut, parseConf } from './conf.ts'
import type { ConfTree, PlacedEntry } from './conf-tree.ts'

/** A line that is read later than ours and says something else: it wins. */
export interface Override extends PlacedEntry {
  readonly wanted: string
}

/** The entries as they would be with this file written anew. A file nobody includes gives undefined. */
export function withFile(tree: ConfTree, path: string, text: string): readonly PlacedEntry[] | undefined {
  const fresh = parseConf(text).map((entry): PlacedEntry => ({ ...entry, file: path }))
  const first = tree.entries.findIndex(({ file }) => file === path)
  if (first !== -1) {
    const others = tree.entries.filter(({ file }) => file !== path)
    return others.toSpliced(tree.entries.slice(0, first).filter(({ file }) => file !== path).length, 0, ...fresh)
  }
  return tree.texts.has(path) ? [...before(tree, path), ...fresh, ...after(tree, path)] : undefined
}

/** An empty file of the tree has no entry to tell its place by: files are in `texts` in the order they were read. */
function before(tree: ConfTree, path: string): readonly PlacedEntry[] {
  const later = laterFiles(tree, path)
  return tree.entries.filter(({ file }) => !later.has(file))
}

function after(tree: ConfTree, path: string): readonly PlacedEntry[] {
  const later = laterFiles(tree, path)
  return tree.entries.filter(({ file }) => later.has(file))
}

function laterFiles(tree: ConfTree, path: string): ReadonlySet<string> {
  const siblings = [...tree.texts.keys()].filter(
    (file) => file === tree.auto || (sameFolder(file, path) && !file.endsWith('/postgresql.conf') && file > path),
  )
  return new Set(siblings)
}

function sameFolder(one: string, other: string): boolean {
  return one.slice(0, one.lastIndexOf('/')) === other.slice(0, other.lastIndexOf('/'))
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

/** The files without what overrides: other people's lines become comments, ALTER SYSTEM's go. */
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
