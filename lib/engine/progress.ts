import type { Report } from '../events/event.ts'
import { mask } from '../secret.ts'
import { stopwatch } from '../stopwatch.ts'

interface Running {
  readonly host: string
  readonly task: string
  readonly elapsed: () => number
  line: string
}

const firstAfter = 3

/** Reports, once a second, every task that has been running for longer than three seconds. One timer serves the whole run. */
export class Progress {
  readonly #running = new Set<Running>()
  readonly #report: Report
  readonly #timer: NodeJS.Timeout

  constructor(report: Report) {
    this.#report = report
    this.#timer = setInterval(() => this.#tell(), 1000)
    this.#timer.unref()
  }

  /** Watches one task on one host until `end` is called; `line` takes its newest output, which `censored` never tells (`no_log`). */
  watch(
    host: string,
    task: string,
    censored: boolean,
  ): { readonly line: (text: string) => void; readonly end: () => void } {
    const running: Running = { host, task, elapsed: stopwatch(), line: '' }
    this.#running.add(running)
    return {
      line: (text) => {
        if (!censored) running.line = mask(text)
      },
      end: () => this.#running.delete(running),
    }
  }

  close(): void {
    clearInterval(this.#timer)
  }

  #tell(): void {
    for (const { host, task, elapsed, line } of this.#running) {
      const seconds = Math.round(elapsed())
      if (seconds >= firstAfter) this.#report({ type: 'progress', host, task, seconds, line })
    }
  }
}
