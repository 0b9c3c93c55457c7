import { lines, quote, raw, sh, type Script } from '../../quote.ts'
import type { Attributes, FileStat } from './files.ts'
import { pathWord } from './host-path.ts'
import { resolveMode } from './mode.ts'

/** An account as chown takes it: `owner:group`, `owner` or `:group`; undefined when neither is given. */
export function account({ owner, group }: Attributes): string | undefined {
  if (owner === undefined && group === undefined) return undefined
  return quote(`${owner ?? ''}${group === undefined ? '' : `:${group}`}`)
}

/** Five octal digits: GNU chmod keeps setuid and setgid of directories when there are fewer. */
export function octal(bits: number): string {
  return bits.toString(8).padStart(5, '0')
}

/** `mode` as octal digits. A link that is not followed has an owner of its own and no mode. */
export function attributesScript(path: string, attributes: Attributes, follow: boolean): Script {
  const word = pathWord(path)
  const owner = account(attributes)
  const { mode } = attributes
  return lines(
    sh`[ -e ${word} ] || [ -h ${word} ] || { echo "No such file or directory" >&2; exit 1; }`,
    owner === undefined ? raw('') : sh`chown ${raw(follow ? '' : '-h')} -- ${raw(owner)} ${word} || exit 1`,
    mode === undefined ? raw('') : sh`${follow ? raw('') : sh`[ -h ${word} ] || `}chmod -- ${mode} ${word} || exit 1`,
  )
}

/** How many paths go into one command: far from the kernel's limit on arguments. */
const perCommand = 500

/** Sets owner and mode of every path of a tree; paths with the same new mode share a command. Links keep their mode. */
export function recursiveScripts(tree: readonly FileStat[], attributes: Attributes, umask: number): readonly Script[] {
  const owner = account(attributes)
  const { mode } = attributes
  const owned =
    owner === undefined ? [] : inPieces(pathsOf(tree)).map((paths) => sh`chown -h -- ${raw(owner)} ${paths}`)
  if (mode === undefined) return owned
  const byMode = (entries: readonly FileStat[]) =>
    inPiecesByMode(entries, (entry) =>
      octal(resolveMode(mode, { current: entry.mode, directory: entry.type === 'directory', umask })),
    )
  return [
    ...owned,
    ...byMode(tree.filter(({ type }) => type !== 'link' && type !== 'directory')),
    // Directories last and the deepest first: one that loses its x must not shut out what is below it.
    ...byMode(tree.filter(({ type }) => type === 'directory').reverse()),
  ]
}

function inPiecesByMode(entries: readonly FileStat[], modeOf: (entry: FileStat) => string): readonly Script[] {
  const groups = new Map<string, FileStat[]>()
  for (const entry of entries) {
    const mode = modeOf(entry)
    groups.set(mode, [...(groups.get(mode) ?? []), entry])
  }
  return [...groups].flatMap(([mode, group]) => inPieces(pathsOf(group)).map((paths) => sh`chmod -- ${mode} ${paths}`))
}

/** What one command takes of a long list. */
export function inPieces<T>(list: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(list.length / perCommand) }, (_, i) =>
    list.slice(i * perCommand, (i + 1) * perCommand),
  )
}

function pathsOf(entries: readonly FileStat[]): readonly string[] {
  return entries.map(({ path }) => path)
}
