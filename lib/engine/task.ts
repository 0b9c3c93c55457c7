import { asHostwrightError, HostwrightError } from '../error.ts'
import type { Host } from '../host/host.ts'
import { Unreadable } from '../host/unreadable.ts'
import type { TaskData, TaskOptions } from '../play/data.ts'
import { holdsUnknown, onlyReads, type Call, type Plan, type TaskContext } from '../play/module.ts'
import { callsOf, readyCall, type ReadyCall } from './call.ts'
import { foreseenCalls, Unforeseen } from './foresee.ts'
import type { Hosts } from './hosts.ts'
import { NeedsFacts, NotAhead, NotYet } from './live.ts'
import { failure, foldItems, registered, skipped, type ItemOutcome, type TaskOutcome } from './outcome.ts'
import { predict } from './predict.ts'

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
  /** Surrounds everything that changes something. */
  readonly changing: <T>(change: () => Promise<T>) => Promise<T>
  /** Told the calls before they are planned. */
  readonly ready?: (calls: readonly Call[]) => void
}

/** What a task would do on one host: its calls and their plans, made side by side. */
export interface PreparedTask {
  readonly calls: readonly Call[]
  readonly planned: readonly Planned[]
  readonly loop: boolean
}

/** A task that is settled before anything is planned: it is skipped, or its function failed. */
export interface SettledTask {
  readonly outcome: TaskOutcome
}

/** Runs one task on one host: its calls are planned side by side, and applied in turn. Never throws; what goes wrong is the outcome. */
export async function performTask(site: TaskSite): Promise<TaskOutcome> {
  return completeTask(site, await prepareTask(site))
}

/** Plans a task, which only reads. What goes wrong is in what it gives; only {@link NotYet} and {@link NotAhead} are
 * thrown, by a task that is planned before its turn. */
export async function prepareTask(site: TaskSite): Promise<PreparedTask | SettledTask> {
  try {
    const given = await withFacts(site, () =>
      site.simulated ? foreseenCalls(site.task, site.scope) : callsOf(site.task, site.scope),
    )
    if (given === undefined) return { outcome: skipped }
    site.ready?.(given.calls)
    return { ...given, planned: await planAll(site, given.calls) }
  } catch (error) {
    if (error instanceof NotYet || error instanceof NotAhead) throw error
    if (error instanceof Unforeseen) return { outcome: predicted('', true, error.message) }
    return { outcome: failure('', asHostwrightError(error)) }
  }
}

/** Makes the changes of a prepared task, and tells what became of it. */
export async function completeTask(site: TaskSite, task: PreparedTask | SettledTask): Promise<TaskOutcome> {
  if ('outcome' in task) return task.outcome
  try {
    const items = await performCalls(site, task)
    if (task.loop) return task.calls.length === 0 ? skipped : foldItems(items)
    return items[0] ?? skipped
  } catch (error) {
    return failure('', asHostwrightError(error))
  }
}

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

export type Planned = { readonly plan: Plan<unknown> } | { readonly outcome: TaskOutcome }

async function performCalls(site: TaskSite, { calls, ...first }: PreparedTask): Promise<readonly ItemOutcome[]> {
  const outcomes: ItemOutcome[] = []
  const planned = [...first.planned]
  // How many calls are planned together when no plan is left: a change is likely to be followed by another one.
  let together = 1
  for (const [index, call] of calls.entries()) {
    if (index === planned.length) planned.push(...(await planAll(site, calls.slice(index, index + together))))
    const next = planned[index] ?? { outcome: skipped }
    const outcome = 'outcome' in next ? next.outcome : await finish(site, call, next.plan)
    outcomes.push({
      ...judge(site.task.options, call, outcome),
      label: labelOf(call.params),
      ...(site.delegatedTo === undefined ? {} : { delegatedTo: site.delegatedTo }),
    })
    if (outcome.status === 'unreachable') break
    const changes = !('outcome' in next) && next.plan.changed
    together = changes ? 1 : together * 2
    // What was changed may be what the following calls looked at.
    if (changes) planned.length = index + 1
  }
  return outcomes
}

function planAll(site: TaskSite, calls: readonly Call[]): Promise<readonly Planned[]> {
  return Promise.all(calls.map((call) => planOne(site, call)))
}

async function planOne(site: TaskSite, call: Call): Promise<Planned> {
  const { module } = call
  let read = call.params
  try {
    if (site.simulated && holdsUnknown(call.params))
      return { outcome: predicted(module.name, !onlyReads(call), 'depends on what an earlier task would bring') }
    const ready = await withFacts(site, () => readyCall(call, site.context))
    read = ready.params
    const host = await take(site, module.waits !== true)
    return { plan: await withFacts(site, () => module.plan(ready.params, host, site.context)) }
  } catch (error) {
    const foreseen = site.simulated
      ? predict(error, site.acted, onlyReads({ module, params: read }), site.hosts.ledger)
      : undefined
    if (foreseen !== undefined) return { outcome: predicted(module.name, foreseen.changed, foreseen.note) }
    return { outcome: failure(module.name, errorAt(error, call, site)) }
  }
}

/** In check mode the user to become may be one that an earlier task would have made. */
async function take(site: TaskSite, remember: boolean): Promise<Host> {
  if (!site.simulated) return site.seat(undefined, remember)
  try {
    return await site.seat(site.task.name, remember)
  } catch (error) {
    const { kind, message, next } = asHostwrightError(error)
    throw kind === 'failed'
      ? new Unreadable(message, 'user', { cause: error, ...(next === undefined ? {} : { next }) })
      : error
  }
}

async function finish(site: TaskSite, call: Call, plan: Plan<unknown>): Promise<TaskOutcome> {
  const { name } = call.module
  const found = plan.result as Readonly<Record<string, unknown>>
  if (!plan.changed) return { status: 'ok', module: name, result: { ...found, changed: false }, diff: [] }
  try {
    const applied = await site.changing(async () => plan.apply(await take(site, false)))
    return { status: 'changed', module: name, result: { ...found, ...applied, changed: true }, diff: plan.diff }
  } catch (error) {
    return { ...failure(name, errorAt(error, call, site)), diff: plan.diff }
  }
}

/** `failed_when` and `changed_when` have the last word, as in Ansible; a lost host stays lost. */
function judge(options: TaskOptions, call: Call, outcome: TaskOutcome): TaskOutcome {
  if (outcome.status === 'unreachable' || outcome.status === 'skipped') return outcome
  const failed = options.failed_when?.(registered(outcome) as never) ?? outcome.status === 'failed'
  if (failed) return outcome.status === 'failed' ? outcome : failedByRule(call, outcome)
  const good = outcome.status === 'failed' ? forgiven(outcome) : outcome
  if (options.changed_when === undefined) return good
  return { ...good, status: options.changed_when(registered(good) as never) ? 'changed' : 'ok' }
}

function failedByRule(call: Call, outcome: TaskOutcome): TaskOutcome {
  const place = call.site.place
  const details = { ...(place === undefined ? {} : { place }), data: outcome.result, next: 'see the result' }
  return { ...outcome, status: 'failed', error: new HostwrightError('failed_when holds', details) }
}

/** What failed, and was meant to, may have changed something all the same. */
function forgiven({ error, ...outcome }: TaskOutcome): TaskOutcome {
  return { ...outcome, status: 'changed', result: { ...error?.data, ...outcome.result } }
}

function predicted(module: string, changed: boolean, note: string): TaskOutcome {
  return { status: changed ? 'changed' : 'ok', module, result: { changed }, diff: [], note }
}

function errorAt(error: unknown, call: ReadyCall['call'], site: TaskSite): HostwrightError {
  const place = call.site.place ?? site.task.site.place
  return asHostwrightError(error).at({
    host: site.acted,
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
  const label =
    key === undefined
      ? Object.values(given)
          .filter((value) => typeof value === 'string')
          .join(' ')
      : String(given[key])
  return oneLine(label)
}

const labelLength = 80

/** A statement may have many lines. */
function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' ')
  return line === text.trim() || line.length <= labelLength ? line : `${line.slice(0, labelLength)}…`
}
