import { defined } from '../defined.ts'
import { Cut } from '../connection/wire/cut.ts'
import { allEnded, mayStillRun, type Ending } from '../connection/wire/ending.ts'
import { within } from '../connection/wire/process.ts'
import { asHostwrightError, HostwrightError } from '../error.ts'
import type { TaskData } from '../play/data.ts'
import type { Call } from '../play/module.ts'
import { mask } from '../secret.ts'
import { failure, registeredValue, type TaskOutcome } from './task/outcome.ts'
import type { Ahead, Foreseen } from './ahead/plan-ahead.ts'
import type { PlayPlan } from './prepare/plays.ts'
import { withRetries } from './retry.ts'
import type { Running } from './running.ts'
import { resultsOf } from './task/run-state.ts'
import { siteOf, type TaskSite } from './task/task-site.ts'
import { completeTask, performTask } from './task/task.ts'
import type { Inherited } from './prepare/inherited.ts'

export interface TaskOnHost {
  readonly task: TaskData
  readonly host: string
  readonly inherited: Inherited
  readonly kind: 'task' | 'handler'
}

/** The handlers that a task notifies. */
export interface Owing {
  /** Before each change, so that a run that is killed in the middle of it still owes them. */
  notify(): void
  /** The change that was announced last did not happen. */
  withdraw(): void
}

/** A task whose turn it is on a host: with the plan that was made ahead, when there is one that stands, else with one that is made now. */
export class RunningTask {
  readonly #run: Running
  readonly #plan: PlayPlan
  readonly #of: TaskOnHost
  readonly #progress: (line: string) => void
  readonly #owing: Owing
  #waited = false

  constructor(run: Running, plan: PlayPlan, of: TaskOnHost, progress: (line: string) => void, owing: Owing) {
    this.#run = run
    this.#plan = plan
    this.#of = of
    this.#progress = progress
    this.#owing = owing
  }

  /** Never rejects. What it sends to the host first is sent before it returns. */
  async run(): Promise<TaskOutcome> {
    const { settings, lookAhead } = this.#run
    const { task, host, kind } = this.#of
    const ahead = kind === 'task' ? lookAhead.take(this.#plan, task, host) : undefined
    let tries = 0
    const attempt = () => {
      // The run waits for something from outside, so what it has read before may be out of date.
      if (tries++ > 0) lookAhead.disturbed()
      return this.#limited((cut) =>
        tries === 1 && ahead !== undefined ? this.#foreseen(ahead, cut) : performTask(this.#site(cut)),
      )
    }
    const outcome = withRetries(
      task.options,
      settings.check,
      attempt,
      (attempt, left, said) => {
        const message = task.options.no_log === true ? '' : mask(said)
        settings.report({ type: 'retry', task: task.name, host, attempt, left, message })
      },
      settings.signal,
    )
    if (kind === 'task' && task.options.register !== undefined) {
      const known = outcome.then((value): Foreseen => ({
        kind: 'settled',
        outcome: value,
        registered: registeredValue(value),
      }))
      lookAhead.registering(host, task.options.register, known)
    }
    const done = await outcome
    if (tries > 1 || this.#waited) lookAhead.disturbed()
    return done
  }

  /** When the time is over, programs that still run are ended, on the host too. */
  async #limited(attempt: (cut?: Cut) => Promise<TaskOutcome>): Promise<TaskOutcome> {
    const { timeout } = this.#of.task.options
    if (timeout === undefined || timeout <= 0) return attempt()
    const cut = new Cut()
    const late = new Error('late')
    try {
      return await within(timeout, attempt(cut), () => late)
    } catch (error) {
      if (error !== late) return failure('', asHostwrightError(error))
      const endings = await cut.now()
      this.#run.lookAhead.disturbed()
      return failure('', this.#late(timeout, endings))
    }
  }

  #late(seconds: number, endings: readonly Ending[]): HostwrightError {
    const { task, host } = this.#of
    const { place } = task.site
    const left = mayStillRun(endings, host) ?? (endings.length > 0 ? allEnded : undefined)
    const message = `not done within ${seconds} s, the timeout of the task${left === undefined ? '' : `; ${left}`}`
    return new HostwrightError(message, {
      ...{ host, task: task.name, ...defined({ place }) },
      next: 'see on the host what it waits for, or raise timeout',
    })
  }

  async #foreseen(ahead: Ahead, cut: Cut | undefined): Promise<TaskOutcome> {
    const early = ahead.foreseen !== undefined
    const foreseen = await ahead.known
    if (foreseen.kind === 'settled') return foreseen.outcome
    if (foreseen.kind === 'changes') return completeTask(this.#site(cut), foreseen.prepared)
    // A host that did not answer some time ago may answer now. One that has just failed to answer is not tried again.
    if (foreseen.kind === 'lost' && !early) return foreseen.outcome
    return performTask(this.#site(cut))
  }

  #site(cut: Cut | undefined): TaskSite {
    const { task, host, inherited } = this.#of
    return siteOf(this.#run, {
      ...{ plan: this.#plan, task, host, become: inherited.become, progress: this.#progress, cut, ahead: false },
      results: resultsOf(this.#run, host),
      changing: (change) => {
        this.#owing.notify()
        return this.#run.lookAhead.disturbing(change)
      },
      nothingChanged: () => this.#owing.withdraw(),
      ready: (calls: readonly Call[]) => {
        this.#waited ||= calls.some(({ module }) => module.waits === true)
      },
    })
  }
}
