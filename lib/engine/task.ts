import { asHostwrightError, HostwrightError } from '../error.ts'
import type { Host } from '../host/host.ts'
import type { TaskData, TaskOptions } from '../play/data.ts'
import { holdsUnknown, onlyReads, type Call, type Plan, type TaskContext } from '../play/module.ts'
import { callsOf, readyCall, type ReadyCall } from './call.ts'
import { withGhosts } from './ghost.ts'
import type { Hosts } from './hosts.ts'
import { NeedsFacts } from './live.ts'
import { foldItems, registered, skipped, type ItemOutcome, type TaskOutcome } from './outcome.ts'
import { predict } from './predict.ts'

/** Everything one task needs on one host. */
export interface TaskSite {
  readonly task: TaskData
  /** The host to act on: connects when first asked; `simulate` names the task in check mode. */
  readonly seat: (simulate: string | undefined) => Promise<Host>
  /** The host acted on, when it is another one. */
  readonly delegatedTo: string | undefined
  readonly hosts: Hosts
  readonly simulated: boolean
  readonly scope: Parameters<TaskData['give']>[0]
  readonly context: TaskContext
  /** Asks the host for facts, after a task's function or template touched one. */
  readonly gather: () => Promise<void>
  /** Called when something is about to change, before it does. */
  readonly changing: () => void
}

/** Runs one task on one host: its calls are planned side by side, and applied in turn. Never throws; what goes wrong is the outcome. */
export async function performTask(open: TaskSite): Promise<TaskOutcome> {
  try {
    const given = await withFacts(open, () => (open.simulated ? foreseenCalls(open) : callsOf(open.task, open.scope)))
    if (given === undefined) return skipped
    const site = { ...open, host: await open.seat(open.simulated ? open.task.name : undefined) }
    const items = await performCalls(site, given.calls)
    if (given.loop) return given.calls.length === 0 ? skipped : foldItems(items)
    return items[0] ?? skipped
  } catch (error) {
    if (error instanceof Unforeseen) return predicted('', true, error.message)
    return failure('', asHostwrightError(error))
  }
}

/** A function that stumbles over a result which was only predicted is called once more with ghosts in their place. */
function foreseenCalls(site: TaskSite): ReturnType<typeof callsOf> {
  const { task, scope } = site
  try {
    return callsOf(task, scope)
  } catch (error) {
    const haunted = error instanceof NeedsFacts ? undefined : withGhosts(scope.results)
    if (haunted === undefined) throw error
    return haunt(task, scope, haunted)
  }
}

/** What is then still unclear is no failure: the task is predicted to change something. */
function haunt(
  task: TaskData,
  scope: TaskSite['scope'],
  { results, note }: NonNullable<ReturnType<typeof withGhosts>>,
): ReturnType<typeof callsOf> {
  try {
    const given = callsOf(task, { ...scope, vars: scope.vars, results })
    if (given?.calls.some((call) => typeof call === 'function') !== true) return given
  } catch (error) {
    if (error instanceof NeedsFacts) throw error
  }
  throw new Unforeseen(note)
}

/** What a task would do depends on something that was only predicted. */
class Unforeseen extends Error {}

/** Facts are asked for only when something touches them: then once, and the step is taken again. */
async function withFacts<T>(site: Pick<TaskSite, 'gather'>, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof NeedsFacts)) throw error
    await site.gather()
    return step()
  }
}

type Seated = TaskSite & { readonly host: Host }
type Planned = { readonly plan: Plan<unknown> } | { readonly outcome: TaskOutcome }

async function performCalls(site: Seated, calls: readonly Call[]): Promise<readonly ItemOutcome[]> {
  const outcomes: ItemOutcome[] = []
  let planned = await planAll(site, calls)
  for (const [index, call] of calls.entries()) {
    const next = planned[index - (calls.length - planned.length)] ?? { outcome: skipped }
    const outcome = 'outcome' in next ? next.outcome : await finish(site, call, next.plan)
    outcomes.push({
      ...judge(site.task.options, call, outcome),
      label: labelOf(call.params),
      ...(site.delegatedTo === undefined ? {} : { delegatedTo: site.delegatedTo }),
    })
    if (outcome.status === 'unreachable') break
    // What was changed may be what the following calls looked at.
    const rest = calls.slice(index + 1)
    if (!('outcome' in next) && next.plan.changed && rest.length > 0) planned = await planAll(site, rest)
  }
  return outcomes
}

function planAll(site: Seated, calls: readonly Call[]): Promise<readonly Planned[]> {
  return Promise.all(calls.map((call) => planOne(site, call)))
}

async function planOne(site: Seated, call: Call): Promise<Planned> {
  const { module } = call
  let read = call.params
  try {
    if (site.simulated && holdsUnknown(call.params))
      return { outcome: predicted(module.name, !onlyReads(call), 'depends on what an earlier task would bring') }
    const ready = await withFacts(site, () => readyCall(call, site.context))
    read = ready.params
    return { plan: await withFacts(site, () => module.plan(ready.params, site.host, site.context)) }
  } catch (error) {
    const foreseen = site.simulated
      ? predict(error, site.host.name, onlyReads({ module, params: read }), site.hosts.ledger)
      : undefined
    if (foreseen !== undefined) return { outcome: predicted(module.name, foreseen.changed, foreseen.note) }
    return { outcome: failure(module.name, errorAt(error, call, site)) }
  }
}

async function finish(site: Seated, call: Call, plan: Plan<unknown>): Promise<TaskOutcome> {
  const { name } = call.module
  const found = plan.result as Readonly<Record<string, unknown>>
  if (!plan.changed) return { status: 'ok', module: name, result: { ...found, changed: false }, diff: [] }
  try {
    site.changing()
    const applied = await plan.apply(site.host)
    return { status: 'changed', module: name, result: { ...found, ...applied, changed: true }, diff: plan.diff }
  } catch (error) {
    return { ...failure(name, errorAt(error, call, site)), diff: plan.diff }
  }
}

/** `changed_when` and `failed_when` have the last word, as in Ansible; a lost host stays lost. */
function judge(options: TaskOptions, call: Call, outcome: TaskOutcome): TaskOutcome {
  if (outcome.status === 'unreachable' || outcome.status === 'skipped') return outcome
  let judged = outcome
  const result = () => registered(judged) as never
  if (options.changed_when !== undefined && judged.status !== 'failed')
    judged = { ...judged, status: options.changed_when(result()) ? 'changed' : 'ok' }
  if (options.failed_when === undefined) return judged
  if (!options.failed_when(result())) {
    if (judged.status !== 'failed') return judged
    const { error, ...rest } = judged
    return { ...rest, status: 'changed', result: { ...error?.data, ...judged.result } }
  }
  const place = call.site.place
  const error = new HostwrightError('failed_when holds', {
    ...(place === undefined ? {} : { place }),
    data: judged.result,
    next: 'see the result',
  })
  return { ...judged, status: 'failed', error: judged.error ?? error }
}

function predicted(module: string, changed: boolean, note: string): TaskOutcome {
  return { status: changed ? 'changed' : 'ok', module, result: { changed }, diff: [], note }
}

function failure(module: string, error: HostwrightError): TaskOutcome {
  const status = error.kind === 'unreachable' ? 'unreachable' : 'failed'
  return { status, module, result: { changed: false }, diff: [], error }
}

function errorAt(error: unknown, call: ReadyCall['call'], site: Seated): HostwrightError {
  const place = call.site.place ?? site.task.site.place
  return asHostwrightError(error).at({
    host: site.host.name,
    task: site.task.name,
    ...(place === undefined ? {} : { place }),
  })
}

/** What tells a loop's calls apart in the output: the first of these parameters that is text. */
function labelOf(params: unknown): string {
  const given = (params ?? {}) as Readonly<Record<string, unknown>>
  const key = ['name', 'path', 'dest', 'line', 'query', 'cmd', 'src', 'user'].find(
    (name) => typeof given[name] === 'string',
  )
  return key === undefined
    ? Object.values(given)
        .filter((value) => typeof value === 'string')
        .join(' ')
    : String(given[key])
}
