import { defined } from '../../defined.ts'
import { asHostwrightError, HostwrightError } from '../../error.ts'
import type { TaskOptions } from '../../play/data.ts'
import type { Call } from '../../play/module.ts'
import { mask } from '../../secret.ts'
import { settleCall } from './apply-call.ts'
import { callsOf } from '../prepare/call.ts'
import { callsInCheck } from './foresee.ts'
import { isNotKnownYet } from '../unknown/not-known-yet.ts'
import { failure, foldItems, predicted, registered, skipped, type ItemOutcome, type TaskOutcome } from './outcome.ts'
import { planCall, withFacts, type Planned } from './plan-call.ts'
import type { TaskSite } from './task-site.ts'

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

/** Plans a task, which only reads. What goes wrong is in what it gives; only {@link NotKnownYet} is
 * thrown, by a task that is planned before its turn. */
export async function prepareTask(site: TaskSite): Promise<PreparedTask | SettledTask> {
  try {
    const given = await withFacts(site, () =>
      site.simulated ? callsInCheck(site.task, site.scope) : callsOf(site.task, site.scope),
    )
    if (given === undefined) return { outcome: skipped }
    if ('unknown' in given) return { outcome: predicted('', true, given.unknown) }
    site.ready?.(given.calls)
    return { ...given, planned: await planAll(site, given.calls) }
  } catch (error) {
    if (isNotKnownYet(error, 'result', 'turn')) throw error
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

async function performCalls(site: TaskSite, { calls, ...first }: PreparedTask): Promise<readonly ItemOutcome[]> {
  const outcomes: ItemOutcome[] = []
  const planned = [...first.planned]
  // How many calls are planned together after a change, because the next call is likely to change something too.
  let together = 1
  for (const [index, call] of calls.entries()) {
    if (index === planned.length) planned.push(...(await planAll(site, calls.slice(index, index + together))))
    const { outcome, outdated } = await settleCall(site, call, planned[index] ?? (await planCall(site, call)))
    outcomes.push({
      ...judge(site.task.options, call, outcome),
      label: labelOf(call.params),
      ...defined({ delegatedTo: site.delegatedTo }),
    })
    if (outcome.status === 'unreachable') break
    together = outdated ? 1 : together * 2
    // The following calls may have read what this one changed.
    if (outdated) planned.length = index + 1
  }
  return outcomes
}

function planAll(site: TaskSite, calls: readonly Call[]): Promise<readonly Planned[]> {
  return Promise.all(calls.map((call) => planCall(site, call)))
}

/** `failed_when` and `changed_when` decide, as in Ansible. A lost host stays lost. */
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
  const details = { ...defined({ place }), data: outcome.result, next: 'see the result' }
  return { ...outcome, status: 'failed', error: new HostwrightError('failed_when holds', details) }
}

/** A task that failed as expected may have changed something. */
function forgiven({ error, ...outcome }: TaskOutcome): TaskOutcome {
  return { ...outcome, status: 'changed', result: { ...error?.data, ...outcome.result } }
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
  return oneLine(mask(label))
}

const labelLength = 80

/** A statement may have many lines. */
function oneLine(text: string): string {
  const line = text.trim().replace(/\s*\n\s*/g, ' ')
  return line === text.trim() || line.length <= labelLength ? line : `${line.slice(0, labelLength)}…`
}
