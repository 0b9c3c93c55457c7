import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Script } from 'node:vm'
import { readOwn } from '../../own-folder.ts'
import { cacheFolder } from '../../cache-folder.ts'
import { importModule } from './import-module.ts'
import { digest } from '../../digest.ts'
import { writeWhole } from '../../whole-file.ts'

/** Runs one of the library's files, once, and gives what it exports. Files are named as in the sources, without their ending. */
export type Library = (file: string) => Readonly<Record<string, unknown>>

/** The script of the library. `ran` is called for each of its files that runs. */
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
  // Under its path, because V8 keeps the name that it shows in errors.
  const name = digest(`${path} ${process.version} ${process.arch}`)
  const kept = read(cacheFolder(env, ['code'], false), name, first)
  const script = new Script(source, { filename: path, ...(kept === undefined ? {} : { cachedData: kept.code }) })
  const known = new Set(script.cachedDataRejected === false ? kept?.files : [])
  const ran = new Set<string>()
  // The code is asked for at the end, because a function is compiled when it is first called.
  process.once('exit', () => {
    if ([...ran].every((name) => known.has(name))) return
    keep(
      cacheFolder(env, ['code'], true),
      name,
      { script: first, files: [...new Set([...known, ...ran])] },
      script.createCachedData(),
    )
  })
  const built = script.runInThisContext() as Built
  return built(createRequire(path), importModule, pathToFileURL(path).href, (name) => ran.add(name))
}

function read(
  folder: string | undefined,
  name: string,
  script: string,
): (Kept & { readonly code: Buffer }) | undefined {
  const whole = folder === undefined ? undefined : readOwn(join(folder, name))
  if (whole === undefined) return undefined
  try {
    const end = whole.indexOf('\n')
    const kept = JSON.parse(whole.toString('utf8', 0, end)) as Kept
    const code = whole.subarray(end + 1)
    return kept.script === script && kept.digest === digest(code) ? { ...kept, code } : undefined
  } catch {
    // It is damaged.
    return undefined
  }
}

function keep(folder: string | undefined, name: string, of: Omit<Kept, 'digest'>, code: Buffer): void {
  if (folder === undefined) return
  try {
    const head = JSON.stringify({ ...of, digest: digest(code) } satisfies Kept)
    writeWhole(join(folder, name), Buffer.concat([Buffer.from(`${head}\n`), code]))
  } catch {
    // The disk is full.
  }
}
