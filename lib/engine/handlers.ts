import { OwedNotes } from './owed.ts'

/**
 * The handlers a play owes its hosts. What is owed is kept in files until it has run, so that neither a failure nor a killed run loses it: the next run
 * makes up for it.
 */
export class Handlers {
  readonly #notes: OwedNotes
  readonly #keeps: boolean
  readonly #play: string
  readonly #names: readonly string[]
  /** The names of handlers by host. */
  readonly #owed = new Map<string, Set<string>>()

  /** @param keep - check mode keeps nothing, but what earlier runs owe is still read from the folder. */
  constructor(play: string, names: readonly string[], folder: string, keep: boolean) {
    this.#play = play
    this.#names = names
    this.#keeps = keep
    this.#notes = new OwedNotes(folder)
    for (const { host, handler } of this.#notes.of(play)) this.#of(host).add(handler)
  }

  /** What earlier runs left for this host, as far as the play still has such handlers. */
  leftFor(host: string): readonly string[] {
    return this.#names.filter((name) => this.isOwed(host, name))
  }

  /** @returns those that were not owed before. */
  notify(host: string, names: readonly string[]): readonly string[] {
    const fresh = names.filter((name) => !this.isOwed(host, name))
    for (const handler of names) {
      this.#of(host).add(handler)
      if (this.#keeps) this.#notes.add({ play: this.#play, host, handler })
    }
    return fresh
  }

  isOwed(host: string, name: string): boolean {
    return this.#owed.get(host)?.has(name) ?? false
  }

  /** To be called before a handler runs on these hosts. */
  begins(hosts: readonly string[], handler: string): void {
    if (this.#keeps) this.#notes.takeOver(hosts.map((host) => ({ play: this.#play, host, handler })))
  }

  done(host: string, handler: string): void {
    this.#owed.get(host)?.delete(handler)
    if (this.#keeps) this.#notes.paid({ play: this.#play, host, handler })
  }

  #of(host: string): Set<string> {
    const owed = this.#owed.get(host) ?? new Set()
    this.#owed.set(host, owed)
    return owed
  }
}
