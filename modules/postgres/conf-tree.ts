import { posix } from 'node:path'
import type { FileReader } from '../../lib/host/files/files.ts'
import { isInclude, parseConf, type ConfEntry } from './conf.ts'

export interface PlacedEntry extends ConfEntry {
  readonly file: string
}

/** A server's configuration as it reads it: the main file with all it includes, then what ALTER SYSTEM wrote. Of a setting the last entry counts. */
export interface ConfTree {
  readonly entries: readonly PlacedEntry[]
  /** The text of every file that is read. */
  readonly texts: ReadonlyMap<string, string>
  readonly dataDirectory: string
  /** What ALTER SYSTEM writes. */
  readonly auto: string
}

/** Reads a file or a directory once, however often it is asked for. */
export function rememberingReader(files: FileReader): Pick<FileReader, 'read' | 'list' | 'stat'> {
  const remember = <T>(ask: (path: string) => Promise<T>) => {
    const known = new Map<string, Promise<T>>()
    return (path: string) => {
      const found = known.get(path) ?? ask(path)
      known.set(path, found)
      return found
    }
  }
  return {
    read: remember((path) => files.read(path)),
    list: remember((path) => files.list(path)),
    stat: remember((path) => files.stat(path, { follow: true })),
  }
}

/**
 * The tree from this main file on; undefined when it is not there.
 *
 * @param dataDirectory - where the data lies, unless the main file says so.
 */
export async function readConfTree(
  files: Pick<FileReader, 'read' | 'list'>,
  main: string,
  dataDirectory: string | undefined,
): Promise<ConfTree | undefined> {
  const texts = new Map<string, string>()
  const entries = await readEntries(files, main, texts, 0)
  if (!texts.has(main)) return undefined
  const said = entries.findLast(({ name }) => name === 'data_directory')?.value
  const data = said ?? dataDirectory ?? posix.dirname(main)
  const auto = posix.join(data, 'postgresql.auto.conf')
  const last = await readEntries(files, auto, texts, 0)
  return { entries: [...entries, ...last], texts, dataDirectory: data, auto }
}

async function readEntries(
  files: Pick<FileReader, 'read' | 'list'>,
  file: string,
  texts: Map<string, string>,
  depth: number,
): Promise<readonly PlacedEntry[]> {
  const content = await files.read(file)
  if (content === undefined || depth > 10) return []
  const text = content.toString()
  texts.set(file, text)
  const parts = await Promise.all(
    parseConf(text).map(async (entry): Promise<readonly PlacedEntry[]> => {
      if (!isInclude(entry.name)) return [{ ...entry, file }]
      const path = posix.resolve(posix.dirname(file), entry.value)
      const found = entry.name === 'include_dir' ? await confFiles(files, path) : [path]
      const inside = await Promise.all(found.map((one) => readEntries(files, one, texts, depth + 1)))
      return inside.flat()
    }),
  )
  return parts.flat()
}

/** What the server reads of a directory: `*.conf`, none that begins with a dot, in the order of the C locale. */
async function confFiles(files: Pick<FileReader, 'list'>, directory: string): Promise<readonly string[]> {
  const names = (await files.list(directory)) ?? []
  return [...names]
    .filter((name) => name.endsWith('.conf') && !name.startsWith('.'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => posix.join(directory, name))
}
