import { defined } from '../../defined.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { HostwrightError } from '../../error.ts'
import { ChangedSincePlan } from '../../host/changed-since.ts'
import type { Call, Change } from '../../play/module.ts'
import { stopwatch } from '../../stopwatch.ts'
import { failure, type TaskOutcome } from './outcome.ts'
import { errorAt, planCall, takeHost, type MadePlan, type Planned } from './plan-call.ts'
import type { TaskSite } from './task-site.ts'

/** How often a call is planned again because somebody else changed what its plan had read. */
const mostReplans = 8
/** Seconds between two plans, at most. */
const longestWait = 5

export interface SettledCall {
  readonly outcome: TaskOutcome
  /** Something was changed since the plan, by it or by others: what was planned beside it is out of date. */
  readonly outdated: boolean
}

/** Applies a planned call, if it changes something, and returns the outcome. Never throws. */
export async function settleCall(site: TaskSite, call: Call, planned: Planned): Promise<SettledCall> {
  if ('outcome' in planned ? !(planned.outcome.status === 'failed' && isStale(site, planned)) : !planned.plan.changed)
    return { outcome: outcomeOf(call, planned), outdated: false }
  if (call.module.concurrent === true) return settle(site, call, planned)
  // Hosts that act on one machine take turns, so that each plan sees the changes of the one before.
  return site.hosts.targets.inTurn(site.task, site.acted, async () =>
    isStale(site, planned)
      ? { ...(await settle(site, call, await planCall(site, call))), outdated: true }
      : settle(site, call, planned),
  )
}

function isStale({ hosts, acted }: TaskSite, { since }: Planned): boolean {
  return hosts.targets.changes(acted) !== since
}

/** Plans again while the apply finds the host changed since its plan, up to a limit. */
async function settle(site: TaskSite, call: Call, first: Planned): Promise<SettledCall> {
  let planned = first
  /** What an apply had changed before it was given up, shown as its plan's. */
  let half: Change<unknown> | undefined
  let elapsed = stopwatch()
  for (let replans = 0; ; replans++) {
    if ('outcome' in planned || !planned.plan.changed) {
      const outcome = outcomeOf(call, planned)
      const done = half !== undefined && outcome.status === 'ok' ? changedOutcome(call, half, outcome.result) : outcome
      return { outcome: done, outdated: replans > 0 }
    }
    const made: MadePlan & { readonly plan: Change<unknown> } = { plan: planned.plan, record: planned.record }
    const outcome = await applyPlan(site, call, made)
    if (!(outcome instanceof ChangedSincePlan)) return { outcome, outdated: true }
    if (made.record.touched) half = made.plan
    else site.nothingChanged()
    if (replans === mostReplans || site.signal?.aborted === true) {
      const error = errorAt(keptChanging(outcome, replans + 1), call, site)
      return { outcome: { ...failure(call.module.name, error), diff: made.plan.diff }, outdated: true }
    }
    await pause(Math.min(longestWait, elapsed() * 2 ** replans), site.signal)
    elapsed = stopwatch()
    planned = await planCall(site, call)
  }
}

/** Waits 0.5 to 1.5 times that long, at random, so that two runs at the same pace do not collide again and again. */
async function pause(seconds: number, signal: AbortSignal | undefined): Promise<void> {
  const options = defined({ signal })
  await sleep(1000 * seconds * (0.5 + Math.random()), undefined, options).catch(() => undefined)
}

function keptChanging(error: ChangedSincePlan, plans: number): HostwrightError {
  return new HostwrightError(`${error.message}; it kept changing while the task was planned, ${plans} times`, {
    ...{ data: error.data, cause: error },
    ...defined({ next: error.next }),
  })
}

async function applyPlan(
  site: TaskSite,
  call: Call,
  { plan, record }: MadePlan & { readonly plan: Change<unknown> },
): Promise<TaskOutcome | ChangedSincePlan> {
  const apply = async () => plan.apply(record.applying(await takeHost(site, false)))
  try {
    const applied = await site.hosts.targets.changing(site.acted, () => site.changing(apply))
    return changedOutcome(call, plan, { ...(plan.result as object), ...applied })
  } catch (error) {
    if (error instanceof ChangedSincePlan) return error
    return { ...failure(call.module.name, errorAt(error, call, site)), diff: plan.diff }
  }
}

function changedOutcome(call: Call, { diff }: Change<unknown>, result: object): TaskOutcome {
  return { status: 'changed', module: call.module.name, result: { ...result, changed: true }, diff }
}

/** The outcome of a call that changes nothing. */
function outcomeOf(call: Call, planned: Planned): TaskOutcome {
  if ('outcome' in planned) return planned.outcome
  const result = { ...(planned.plan.result as object), changed: false }
  return { status: 'ok', module: call.module.name, result, diff: [] }
}
