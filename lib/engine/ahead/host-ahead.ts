import type { BlockData, TaskData } from '../../play/data.ts'
import { isNotKnownYet, NotKnownYet } from '../unknown/not-known-yet.ts'
import { aheadOf, open, planAhead, resultsAhead, type Ahead, type AheadResults, type Foreseen } from './plan-ahead.ts'
import type { PlayPlan } from '../prepare/plays.ts'
import { resultsOf, type RunState } from '../task/run-state.ts'
import type { Step } from '../prepare/steps.ts'
import { scopeIn } from '../task/task-site.ts'

/** The most tasks that are planned ahead. It is more than most plays have, and limits the memory for each host. */
const widest = 128

/** The result that a later task will register, and that task. */
interface Registering {
  readonly index: number
  readonly ahead: Ahead
}

/** One host's way through the tasks of a run: where it stands, and what was planned ahead. */
export class HostAhead {
  readonly #host: string
  readonly #steps: readonly Step[]
  readonly #ahead = new Map<number, Ahead>()
  /** The first task that has not begun. */
  #turn = 0
  /** The first task that was not planned ahead. */
  #next = 0
  /** How many tasks to plan ahead: none after a change, because another one is likely; twice as many after each task that changed nothing. */
  #window = widest
  #quiet = false
  /** No task beyond this one is planned before this one has begun. */
  #halt = Infinity
  #registering: ReadonlyMap<string, Registering> = new Map()
  #conditions = new Map<BlockData, boolean>()
  /** Counts the changes: plans that were begun before the last one are out of date. */
  #age = 0

  constructor(host: string, steps: readonly Step[]) {
    this.#host = host
    this.#steps = steps
  }

  /** Moves to the turn of this task, and gives its plan if there is one that stands. */
  take(plan: PlayPlan, task: TaskData): Ahead | undefined {
    const index = this.#find(plan, task)
    if (index === undefined) return undefined
    const ahead = this.#ahead.get(index)
    for (const passed of this.#ahead.keys()) if (passed <= index) this.#ahead.delete(passed)
    this.#turn = index + 1
    this.#next = Math.max(this.#next, this.#turn)
    if (index >= this.#halt) this.#halt = Infinity
    if (this.#quiet) this.#window = Math.min(widest, Math.max(1, this.#window * 2))
    this.#quiet = true
    this.#registering = new Map([...this.#registering].filter(([, { index: at }]) => at > index))
    return ahead
  }

  /** Tells what the task whose turn it is will register, so that those ahead wait for it. */
  registering(name: string, ahead: Ahead): void {
    this.#registering = new Map([[name, { index: this.#turn - 1, ahead }], ...this.#registering])
  }

  extend(run: RunState): void {
    while (this.#next < this.#steps.length && this.#next - this.#turn < this.#window && this.#next <= this.#halt)
      this.#plan(run, this.#next++)
  }

  disturb(): void {
    this.#age += 1
    this.#ahead.clear()
    this.#next = this.#turn
    this.#window = 0
    this.#quiet = false
    this.#halt = Infinity
    this.#registering = new Map()
    this.#conditions = new Map()
  }

  #find(plan: PlayPlan, task: TaskData): number | undefined {
    for (let index = this.#turn; index < this.#steps.length; index++) {
      const step = this.#steps[index]
      if (step?.plan === plan && step.task === task) return index
    }
    return undefined
  }

  #plan(run: RunState, index: number): void {
    const step = this.#steps[index]
    if (step === undefined) return
    const results = this.#results()
    const applies = this.#applies(run, step, results)
    if (applies === false) return
    const { options } = step.task
    const { register } = options
    const inTurn = applies === undefined || options.run_once === true || options.check_mode === true
    const ahead = inTurn
      ? aheadOf(Promise.resolve(open))
      : applies instanceof NotKnownYet
        ? aheadOf(this.#planWhenKnown(run, step, results, applies))
        : planAhead(run, step, this.#host, results)
    if (register !== undefined) this.#registering = new Map([...this.#registering, [register, { index, ahead }]])
    if (inTurn) return
    this.#ahead.set(index, ahead)
    const age = this.#age
    void ahead.known.then((foreseen) => {
      const halts = foreseen.kind !== 'settled' && (foreseen.kind !== 'open' || foreseen.stops)
      if (halts && age === this.#age && index >= this.#turn) this.#halt = Math.min(this.#halt, index)
    })
  }

  /** A task in a block whose condition reads a result that is not registered yet. */
  async #planWhenKnown(run: RunState, step: Step, results: AheadResults, first: NotKnownYet): Promise<Foreseen> {
    const age = this.#age
    for (let missing = first; ;) {
      const { kind } = (await missing.known) as Foreseen
      if (kind !== 'settled' || age !== this.#age) return open
      const applies = this.#applies(run, step, results)
      if (applies instanceof NotKnownYet) missing = applies
      else return applies === true ? planAhead(run, step, this.#host, results).known : open
    }
  }

  /** Whether the blocks around it apply; what is missing to tell, or undefined when only its turn can. */
  #applies(run: RunState, step: Step, results: AheadResults): boolean | NotKnownYet | undefined {
    for (const block of step.conditions) {
      const applies = this.#conditions.get(block) ?? this.#condition(run, step, block, results)
      if (typeof applies === 'boolean') this.#conditions.set(block, applies)
      if (applies !== true) return applies
    }
    return true
  }

  #condition(
    run: RunState,
    { plan }: Step,
    { options }: BlockData,
    results: AheadResults,
  ): boolean | NotKnownYet | undefined {
    try {
      const known = resultsAhead(resultsOf(run, this.#host), results)
      return options.when?.(scopeIn(run, plan, this.#host, known)) !== false
    } catch (error) {
      return isNotKnownYet(error, 'result') ? error : undefined
    }
  }

  #results(): AheadResults {
    return new Map([...this.#registering].map(([name, { ahead }]) => [name, ahead]))
  }
}
