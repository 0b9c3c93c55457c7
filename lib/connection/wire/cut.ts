import { HostwrightError } from '../../error.ts'
import type { Ending } from './ending.ts'

/** Ends a program on its host; undefined when there was nothing to end. Never rejects. */
type End = () => Promise<Ending | undefined>

/** What runs on hosts for one purpose (a task, a connection), so that all of it can be ended at once. */
export class Cut {
  readonly #running = new Set<End>()
  #over = false

  /** Nothing may begin any more. */
  get over(): boolean {
    return this.#over
  }

  /** Registers a running program. @returns a function that removes it again. */
  watch(end: End): () => void {
    this.#running.add(end)
    return () => this.#running.delete(end)
  }

  /** Ends all registered programs. @returns how each ended. */
  async now(): Promise<readonly Ending[]> {
    this.#over = true
    const endings = await Promise.all([...this.#running].map((end) => end()))
    return endings.filter((ending) => ending !== undefined)
  }
}

/** The error of a request that comes while everything is being ended. */
export function cutOffError(host: string): HostwrightError {
  return new HostwrightError('not run: the time for it is over', { kind: 'failed', host })
}
