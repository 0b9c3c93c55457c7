import { createHash, randomUUID } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { cacheFolder } from './cache-folder.ts'
import { importModule } from './import-module.ts'

/** Runs one of the library's files, once, and gives what it exports. Files are named as in the sources, without their ending. */
export type Library = (file: string) => Readonly<Record<string, unknown>>

/** What the script of the library is: `ran` is told of every file of it that runs. */
type Built = (require: NodeJS.Require, load: typeof importModule, url: string, ran: (file: string) => void) => Library

/** The machine code that V8 made of the library in earlier runs. */
interface Kept {
  /** The first line of the script that it belongs to. */
  readonly script: string
  /** The files that ran then: what V8 has made is of these. */
  readonly files: readonly string[]
  readonly digest: string
}

/**
 * Loads the built library, with what V8 has made of it before: to read a megabyte of JavaScript anew takes a third of a short run. Whatever does not fit is made
 * anew, and where nothing can be kept the library is only slower to start.
 *
 * @param file - a script whose first line is a comment that differs whenever the rest does.
 */
export function loadLibrary(file: URL, env = process.env): Library {
  const path = fileURLToPath(file)
  const source = readFileSync(path, 'latin1')
  const first = source.slice(0, source.indexOf('\n'))
  // By its path, because V8 keeps the name that errors are told with.
  const place = join(cacheFolder(env), 'code', digest(`${path} ${process.version} ${process.arch}`))
  const kept = read(place, first)
  const script = new Script(source, { filename: path, ...(kept === undefined ? {} : { cachedData: kept.code }) })
  const known = new Set(script.cachedDataRejected === false ? kept?.files : [])
  const ran = new Set<string>()
  // The code is asked for at the end, because a function is compiled when it is first called.
  process.once('exit', () => {
    if ([...ran].every((name) => known.has(name))) return
    keep(place, { script: first, files: [...new Set([...known, ...ran])] }, script.createCachedData())
  })
  const built = script.runInThisContext() as Built
  return built(createRequire(path), importModule, pathToFileURL(path).href, (name) => ran.add(name))
}

function read(place: string, script: string): (Kept & { readonly code: Buffer }) | undefined {
  try {
    const whole = readFileSync(place)
    const end = whole.indexOf('\n')
    const kept = JSON.parse(whole.toString('utf8', 0, end)) as Kept
    const code = whole.subarray(end + 1)
    return kept.script === script && kept.digest === digest(code) ? { ...kept, code } : undefined
  } catch {
    // It was never there, or is damaged.
    return undefined
  }
}

function keep(place: string, of: Omit<Kept, 'digest'>, code: Buffer): void {
  const half = `${place}.${randomUUID()}`
  try {
    mkdirSync(dirname(place), { recursive: true, mode: 0o700 })
    const head = JSON.stringify({ ...of, digest: digest(code) } satisfies Kept)
    writeFileSync(half, Buffer.concat([Buffer.from(`${head}\n`), code]), { mode: 0o600 })
    renameSync(half, place)
  } catch {
    // The folder cannot be written to, or the disk is full.
    rmSync(half, { force: true })
  }
}

function digest(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, 32)
}
