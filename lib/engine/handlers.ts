import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { HostwrightError } from '../error.ts'

/** host → names of handlers that were notified and have not run. */
type Owed = Record<string, string[]>

/**
 * The handlers a play owes its hosts. What is owed is kept in a file until it has run, so that neither a failure nor a killed run loses it: the next run
 * makes up for it.
 */
export class Handlers {
  readonly #file: string | undefined
  readonly #play: string
  readonly #names: readonly string[]
  readonly #owed: Owed

  /** @param stateDir - where it is kept; undefined keeps nothing (check mode), but what earlier runs owe is still read from `readDir`. */
  constructor(play: string, names: readonly string[], readDir: string, keep: boolean) {
    this.#play = play
    this.#names = names
    const file = join(readDir, 'handlers.json')
    this.#file = keep ? file : undefined
    this.#owed = readAll(file)[play] ?? {}
  }

  /** What earlier runs left for this host, as far as the play still has such handlers. */
  leftFor(host: string): readonly string[] {
    return this.#names.filter((name) => this.#owed[host]?.includes(name))
  }

  notify(host: string, names: readonly string[]): void {
    const owed = this.#owed[host] ?? []
    const fresh = names.filter((name) => !owed.includes(name))
    if (fresh.length === 0) return
    this.#owed[host] = [...owed, ...fresh]
    this.#save()
  }

  isOwed(host: string, name: string): boolean {
    return this.#owed[host]?.includes(name) ?? false
  }

  done(host: string, name: string): void {
    const left = (this.#owed[host] ?? []).filter((other) => other !== name)
    if (left.length === 0) delete this.#owed[host]
    else this.#owed[host] = left
    this.#save()
  }

  #save(): void {
    if (this.#file === undefined) return
    const all = { ...readAll(this.#file), [this.#play]: this.#owed }
    if (Object.keys(this.#owed).length === 0) delete all[this.#play]
    writeAll(this.#file, all)
  }
}

function readAll(file: string): Record<string, Owed> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Record<string, Owed>
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {}
    throw new HostwrightError(`${file} cannot be read: ${(error as Error).message}`, {
      kind: 'input',
      next: 'it names handlers that earlier runs still owe; restart those services by hand if need be, and delete the file',
    })
  }
}

function writeAll(file: string, all: Record<string, Owed>): void {
  if (Object.keys(all).length === 0) return rmSync(file, { force: true })
  mkdirSync(join(file, '..'), { recursive: true })
  const temporary = `${file}.${process.pid}`
  writeFileSync(temporary, `${JSON.stringify(all, null, 2)}\n`)
  renameSync(temporary, file)
}
