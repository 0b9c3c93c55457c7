import type { Cut } from '../../connection/wire/cut.ts'
import type { Host } from '../../host/host.ts'
import type { BecomeOptions, TaskData } from '../../play/data.ts'
import type { Call, TaskContext } from '../../play/module.ts'
import type { Hosts } from './hosts.ts'
import { factsOf } from '../unknown/not-known-yet.ts'
import type { PlayPlan } from '../prepare/plays.ts'
import type { RunState } from './run-state.ts'
import { contextOf, scopeOf } from '../prepare/scope.ts'
import { givenBecome } from '../prepare/inherited.ts'
import type { Vars } from '../prepare/vars.ts'

/** Everything one task needs on one host. */
export interface TaskSite {
  readonly task: TaskData
  /** The host to act on: connects when first asked; `simulate` names the task in check mode. */
  readonly seat: (simulate: string | undefined, remember: boolean) => Promise<Host>
  /** The name of the host acted on. */
  readonly acted: string
  /** The same, when it is not the task's own host. */
  readonly delegatedTo: string | undefined
  readonly hosts: Hosts
  readonly simulated: boolean
  readonly scope: Parameters<TaskData['give']>[0]
  readonly context: TaskContext
  /** Asks the host for facts, after a task's function or template touched one. */
  readonly gather: () => Promise<void>
  /** Called around each change. */
  readonly changing: <T>(change: () => Promise<T>) => Promise<T>
  /** Called when {@link changing} has changed nothing in the end. */
  readonly nothingChanged: () => void
  /** Fires when the run is to end. */
  readonly signal: AbortSignal | undefined
  /** Told the calls before they are planned. */
  readonly ready?: (calls: readonly Call[]) => void
}

/** What the engine knows of one task on one host, and the task's site is made from. */
export interface SiteWanted {
  readonly plan: PlayPlan
  readonly task: TaskData
  readonly host: string
  readonly become: BecomeOptions
  readonly results: Vars
  readonly progress: (line: string) => void
  /** Ends what runs for the task. */
  readonly cut?: Cut | undefined
  /** Planned before its turn: a host that is not there yet is tried again when its turn comes. */
  readonly ahead: boolean
  readonly changing: TaskSite['changing']
  readonly nothingChanged: TaskSite['nothingChanged']
  readonly ready: (calls: readonly Call[]) => void
}

/** Everything that one task needs on one host. */
export function siteOf(run: RunState, wanted: SiteWanted): TaskSite {
  const { plan, task, host, progress, cut, ahead, changing, nothingChanged, ready } = wanted
  const { hosts, facts, settings } = run
  const scope = scopeIn(run, plan, host, wanted.results)
  const delegated = task.options.delegate_to
  const target = typeof delegated === 'function' ? delegated(scope) : delegated
  const acted = target ?? host
  const become = { ...wanted.become, ...givenBecome(task.options) }
  const seat = { host: acted, vars: plan.source.variables.all(acted), become }
  return {
    task,
    seat: (simulate, remember) => hosts.take(seat, { progress, cut, simulate, remember, ahead }),
    acted,
    delegatedTo: target,
    hosts,
    simulated: task.options.check_mode ?? settings.check,
    scope,
    context: contextOf(plan.source, host, knownFacts(run, host), task),
    gather: async () => {
      facts.set(host, await (await hosts.take(seat, { progress, remember: true, ahead })).facts())
    },
    changing,
    nothingChanged,
    signal: settings.signal,
    ready,
  }
}

/** What the functions of a host's tasks are given. */
export function scopeIn(run: RunState, plan: PlayPlan, host: string, results: Vars) {
  return scopeOf(plan.source, host, results, knownFacts(run, host))
}

function knownFacts({ facts }: RunState, host: string) {
  return factsOf(() => facts.get(host))
}
