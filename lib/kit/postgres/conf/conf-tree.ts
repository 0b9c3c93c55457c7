import { posix } from 'node:path'
import type { FileReader } from '../../../host/files/files.ts'
import { isInclude, parseConf, type ConfEntry } from './conf.ts'

export interface PlacedEntry extends ConfEntry {
  readonly file: string
}

/** A server's configuration as it reads it: the main file with all it includes, then what ALTER SYSTEM wrote. Of a setting the last entry counts. */
export interface ConfTree {
  readonly entries: readonly PlacedEntry[]
  /** The text of every file that is read. */
  readonly texts: ReadonlyMap<string, string>
  /** The same files in the order in which they are read. */
  readonly files: readonly string[]
  /** The directories whose `*.conf` are read. */
  readonly directories: readonly string[]
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
  const reading: Reading = { files, texts: new Map(), directories: [] }
  const { entries, order } = await readEntries(reading, main, 0)
  if (!reading.texts.has(main)) return undefined
  const said = entries.findLast(({ name }) => name === 'data_directory')?.value
  const data = said ?? dataDirectory ?? posix.dirname(main)
  const auto = posix.join(data, 'postgresql.auto.conf')
  const last = await readEntries(reading, auto, 0)
  const { texts, directories } = reading
  return {
    entries: [...entries, ...last.entries],
    texts,
    files: [...order, ...last.order],
    directories,
    dataDirectory: data,
    auto,
  }
}

interface Reading {
  readonly files: Pick<FileReader, 'read' | 'list'>
  readonly texts: Map<string, string>
  readonly directories: string[]
}

interface Part {
  readonly entries: readonly PlacedEntry[]
  readonly order: readonly string[]
}

async function readEntries(reading: Reading, file: string, depth: number): Promise<Part> {
  const content = await reading.files.read(file)
  if (content === undefined || depth > 10) return { entries: [], order: [] }
  const text = content.toString()
  reading.texts.set(file, text)
  const parts = await Promise.all(
    parseConf(text).map(async (entry): Promise<Part> => {
      if (!isInclude(entry.name)) return { entries: [{ ...entry, file }], order: [] }
      const path = posix.resolve(posix.dirname(file), entry.value)
      const found = entry.name === 'include_dir' ? await confFiles(reading, path) : [path]
      return joined(await Promise.all(found.map((one) => readEntries(reading, one, depth + 1))))
    }),
  )
  const { entries, order } = joined(parts)
  return { entries, order: [file, ...order] }
}

function joined(parts: readonly Part[]): Part {
  return { entries: parts.flatMap(({ entries }) => entries), order: parts.flatMap(({ order }) => order) }
}

/** What the server reads of a directory: `*.conf`, none that begins with a dot, in the order of the C locale. */
async function confFiles({ files, directories }: Reading, directory: string): Promise<readonly string[]> {
  directories.push(directory)
  const names = (await files.list(directory)) ?? []
  return [...names]
    .filter((name) => name.endsWith('.conf') && !name.startsWith('.'))
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => posix.join(directory, name))
}
