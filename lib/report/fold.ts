import { printableName } from '../printable.ts'
import type { ResultEvent } from '../events/event.ts'
import { piece, type Piece } from './paint.ts'
import { debugModules } from './result.ts'

/** How many hosts of one task get a line of their own when all that can be said is `ok` or `skipping`. */
const told = 20

/** Keeps a task over many hosts readable: what many hosts have in common is said once, after the first twenty. */
export class Fold {
  #told = 0
  readonly #left: Record<'ok' | 'skipped', string[]> = { ok: [], skipped: [] }

  /** Whether this result is one of many, and will be told with the others. Hosts that changed or failed never are. */
  takes({ status, item, note, host, module, delegated_to }: ResultEvent): boolean {
    if (status !== 'ok' && status !== 'skipped') return false
    if (item !== undefined || note !== undefined || delegated_to !== undefined || debugModules.has(module)) return false
    if (this.#told++ < told) return false
    this.#left[status].push(host)
    return true
  }

  /** Gives the results that were held back, before the next task begins. */
  end(): readonly Piece[] {
    const pieces = (['ok', 'skipped'] as const).flatMap((status) => {
      const hosts = this.#left[status].splice(0)
      const word = status === 'ok' ? 'ok' : 'skipping'
      const range = printableName(hosts.length > 1 ? `${hosts[0] ?? ''} … ${hosts.at(-1) ?? ''}` : (hosts[0] ?? ''))
      return hosts.length === 0
        ? []
        : [piece(status, `${word}: [${range}] (${hosts.length} more ${hosts.length === 1 ? 'host' : 'hosts'})\n`)]
    })
    this.#told = 0
    return pieces
  }
}
