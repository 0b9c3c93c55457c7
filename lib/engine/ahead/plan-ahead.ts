import type { TaskData } from '../../play/data.ts'
import type { Call } from '../../play/module.ts'
import { isNotKnownYet, NotKnownYet } from '../unknown/not-known-yet.ts'
import { registered, registeredValue, type TaskOutcome } from '../task/outcome.ts'
import { resultsOf, type RunState } from '../task/run-state.ts'
import type { Step } from '../prepare/steps.ts'
import { siteOf, type TaskSite } from '../task/task-site.ts'
import { completeTask, prepareTask, type PreparedTask, type SettledTask } from '../task/task.ts'
import type { Vars } from '../prepare/vars.ts'

/** A task before its turn: its plan, or why there is none yet. */
export type Foreseen =
  /** The task changes nothing: this is its outcome, which later tasks read. */
  | { readonly kind: 'settled'; readonly outcome: TaskOutcome; readonly registered: unknown }
  /** The task will change something, which must wait until it is its turn. */
  | { readonly kind: 'changes'; readonly prepared: PreparedTask }
  /** Its host cannot be reached. */
  | { readonly kind: 'lost'; readonly outcome: TaskOutcome }
  /** It is planned when its turn comes; what follows may be planned before if it does not `stop` that. */
  | { readonly kind: 'open'; readonly stops: boolean }

/** A task whose plan is under way, or made. */
export interface Ahead {
  /** Never rejects. */
  readonly known: Promise<Foreseen>
  /** The same, once it is known. */
  readonly foreseen: Foreseen | undefined
}

/** What tasks ahead would register, by name. */
export type AheadResults = ReadonlyMap<string, Ahead>

export const open: Foreseen = { kind: 'open', stops: false }
const stop: Foreseen = { kind: 'open', stops: true }

export function aheadOf(known: Promise<Foreseen>): Ahead {
  let foreseen: Foreseen | undefined
  const told = known.then(
    (value) => (foreseen = value),
    () => (foreseen = stop),
  )
  return {
    known: told,
    get foreseen() {
      return foreseen
    },
  }
}

/** Plans a task before its turn. */
export function planAhead(run: RunState, { plan, task, become }: Step, host: string, results: AheadResults): Ahead {
  const site = () =>
    siteOf(run, {
      ...{ plan, task, host, become },
      results: resultsAhead(resultsOf(run, host), results),
      progress: () => undefined,
      ahead: true,
      changing: () => Promise.reject(new NotKnownYet('turn', task.name)),
      nothingChanged: () => undefined,
      ready: refuseToWait,
    })
  return aheadOf(foresee(task, site))
}

async function foresee(task: TaskData, site: () => TaskSite): Promise<Foreseen> {
  for (;;)
    try {
      const own = site()
      return await judge(task, own, await prepareTask(own))
    } catch (error) {
      if (!isNotKnownYet(error, 'result')) return stop
      if (((await error.known) as Foreseen).kind !== 'settled') return open
    }
}

async function judge(task: TaskData, site: TaskSite, prepared: PreparedTask | SettledTask): Promise<Foreseen> {
  if (!('outcome' in prepared)) {
    const outcomes = prepared.planned.flatMap((one) => ('outcome' in one ? [one.outcome] : []))
    const lost = outcomes.find(({ status }) => status === 'unreachable')
    if (lost !== undefined) return { kind: 'lost', outcome: lost }
    if (outcomes.some(({ status }) => status === 'failed')) return stop
    if (prepared.planned.some((one) => 'plan' in one && one.plan.changed)) return { kind: 'changes', prepared }
  }
  const outcome = await completeTask(site, prepared)
  const quiet = outcome.status === 'ok' || outcome.status === 'skipped'
  if (!quiet || (outcome.status === 'ok' && task.options.until?.(registered(outcome) as never) === false)) return stop
  return { kind: 'settled', outcome, registered: registeredValue(outcome) }
}

function refuseToWait(calls: readonly Call[]): void {
  if (calls.some(({ module }) => module.waits === true)) throw new NotKnownYet('turn', 'it waits')
}

/** The results of a host as a task sees them that is planned ahead: touching one that is not known yet throws {@link NotKnownYet}. */
export function resultsAhead(own: Vars, ahead: AheadResults): Vars {
  if (ahead.size === 0) return own
  const value = (name: string): unknown => {
    const later = ahead.get(name)
    if (later === undefined) return own[name]
    if (later.foreseen?.kind !== 'settled') throw new NotKnownYet('result', name, later.known)
    return later.foreseen.registered
  }
  const all = () =>
    Object.fromEntries([...new Set([...Object.keys(own), ...ahead.keys()])].map((name) => [name, value(name)]))
  return new Proxy(own, {
    get: (_, name) => (typeof name === 'string' ? value(name) : undefined),
    has: (_, name) => Reflect.has(all(), name),
    ownKeys: () => Reflect.ownKeys(all()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(all(), name),
  })
}
