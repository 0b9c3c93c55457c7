import type { RunSummary } from '../engine/prepare/settings.ts'
import type { Event, Report, ResultEvent } from '../events/event.ts'

/**
 * What became of a run.
 *
 * @example
 * const { ok, failures, results } = await run(site, { inventory })
 * for (const { host, task, error } of failures) console.error(`${host}: ${task}: ${error?.message}`)
 * const version = results.find(({ host, task }) => host === 'db1' && task === 'Ask the server')?.result
 */
export interface RunOutcome extends RunSummary {
  /** Nothing failed, every host was reached, and nobody interrupted the run. */
  readonly ok: boolean
  /** Something changed, or would change in check mode. */
  readonly changed: boolean
  /** What failed or could not be reached, in order, without what was ignored or rescued. */
  readonly failures: readonly ResultEvent[]
  /** What became of each task on each host, in order; a loop has one result for all its calls. Empty with `results: false`. */
  readonly results: readonly ResultEvent[]
}

/** Which results are kept for the outcome. */
export type Kept = 'all' | 'failures' | 'nothing'

/** Passes events on, and notes the results in them. */
export class OutcomeRecorder {
  readonly #failures: ResultEvent[] = []
  readonly #results: ResultEvent[] = []
  readonly #keeps: Kept

  constructor(keeps: Kept) {
    this.#keeps = keeps
  }

  /** The same report, with the results noted on their way to it. */
  before(report: Report): Report {
    return (event) => {
      this.#note(event)
      report(event)
    }
  }

  outcome(summary: RunSummary): RunOutcome {
    const { counts, failed, unreachable, interrupted } = summary
    return {
      ...summary,
      ok: !failed && !unreachable && !interrupted,
      changed: Object.values(counts).some(({ changed }) => changed > 0),
      failures: this.#failures,
      results: this.#results,
    }
  }

  #note(event: Event): void {
    if (this.#keeps === 'nothing' || event.type !== 'result' || event.item !== undefined) return
    if (this.#keeps === 'all') this.#results.push(event)
    const failed = event.status === 'failed' || event.status === 'unreachable'
    if (failed && event.forgiven === undefined) this.#failures.push(event)
  }
}
