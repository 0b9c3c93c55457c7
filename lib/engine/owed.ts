import { randomUUID } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { ownFolder, readOwn } from '../own-folder.ts'
import { writeWhole } from '../whole-file.ts'

/** One handler that a play owes a host. */
interface Debt {
  readonly play: string
  readonly host: string
  readonly handler: string
}

/** An owed handler, as one run wrote it down. */
interface Note extends Debt {
  readonly file: string
}

/**
 * What plays owe their hosts, kept from before a change until its handler has run, so that a killed run loses nothing. Each debt is a file of its own, which comes
 * and goes whole, and of which no two runs write the same: runs side by side need no lock, and a run that is killed leaves none behind.
 */
export class OwedNotes {
  readonly #folder: string
  /** The debts of this run: the file of each. */
  readonly #own = new Map<string, string>()

  /** @param folder - where they are kept; it and the folder it is in are made when there is something to keep. */
  constructor(folder: string) {
    this.#folder = folder
  }

  /** The handlers that a play owes now, from this run and from others. */
  of(play: string): readonly Debt[] {
    return this.#notes((note) => note.play === play)
  }

  /** Notes a debt, anew where it is noted already: another run may be about to pay what was owed until now. */
  add(debt: Debt): void {
    const folder = this.#place(true)
    if (folder === undefined) return
    const file = join(folder, `${randomUUID()}.json`)
    writeWhole(file, `${JSON.stringify(debt)}\n`)
    this.#forgetOwn(debt)
    this.#own.set(key(debt), file)
  }

  /** Before these handlers run: what any run owed until now becomes a debt of this run alone, and what others add from now on stays theirs. */
  takeOver(debts: readonly Debt[]): void {
    const keys = new Set(debts.map(key))
    const before = this.#notes((note) => keys.has(key(note)))
    for (const debt of debts) this.add(debt)
    for (const { file } of before) rmSync(file, { force: true })
  }

  /** The handler has run. */
  paid(debt: Debt): void {
    this.#forgetOwn(debt)
  }

  #forgetOwn(debt: Debt): void {
    const file = this.#own.get(key(debt))
    if (file !== undefined) rmSync(file, { force: true })
    this.#own.delete(key(debt))
  }

  #notes(wanted: (note: Note) => boolean): readonly Note[] {
    const folder = this.#place(false)
    if (folder === undefined) return []
    const names = readdirSync(folder).filter((name) => name.endsWith('.json'))
    return names.flatMap((name) => readNote(join(folder, name)) ?? []).filter(wanted)
  }

  /** If other accounts may write to the folder, they could add or remove handlers: then nothing is kept. */
  #place(make: boolean): string | undefined {
    const parent = dirname(this.#folder)
    return ownFolder(dirname(parent), [basename(parent), basename(this.#folder)], make)
  }
}

function readNote(file: string): Note | undefined {
  try {
    const found = JSON.parse(readOwn(file)?.toString() ?? 'null') as Partial<Debt> | null
    if (typeof found?.play !== 'string' || typeof found.host !== 'string' || typeof found.handler !== 'string')
      return undefined
    return { play: found.play, host: found.host, handler: found.handler, file }
  } catch {
    // No run has written this file: it is ignored.
    return undefined
  }
}

function key({ play, host, handler }: Debt): string {
  return JSON.stringify([play, host, handler])
}
