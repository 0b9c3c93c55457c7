import { defined } from '../../defined.ts'
import type { HostwrightError } from '../../error.ts'
import { asHostwrightError } from '../../error.ts'
import type { Host } from '../../host/host.ts'
import { PlanRecord } from '../../host/plan-record.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { holdsUnknown, onlyReads, type Call, type Plan } from '../../play/module.ts'
import { readyCall } from '../prepare/call.ts'
import { isNotKnownYet } from '../unknown/not-known-yet.ts'
import { failure, predicted, type TaskOutcome } from './outcome.ts'
import { predict } from '../unknown/predict.ts'
import type { TaskSite } from './task-site.ts'

/** The plan of one call, or its outcome if it has one already. */
export type Planned = (MadePlan | { readonly outcome: TaskOutcome }) & {
  /** The number of changes of its machine when the plan began. */
  readonly since: number
}

/** A plan, with what it read. */
export interface MadePlan {
  readonly plan: Plan<unknown>
  readonly record: PlanRecord
}

/** Plans one call. Never throws, except for {@link NotKnownYet}. */
export async function planCall(site: TaskSite, call: Call): Promise<Planned> {
  const since = site.hosts.targets.changes(site.acted)
  const { module } = call
  let read = call.params
  try {
    if (site.simulated && holdsUnknown(call.params)) {
      const note = 'depends on what an earlier task would bring'
      return { outcome: predicted(module.name, !onlyReads(call), note), since }
    }
    const ready = await withFacts(site, () => readyCall(call, site.context))
    read = ready.params
    const record = new PlanRecord()
    const host = record.reading(await takeHost(site, module.waits !== true))
    return { plan: await withFacts(site, () => module.plan(ready.params, host, site.context)), record, since }
  } catch (error) {
    const foreseen = site.simulated
      ? predict(error, site.acted, onlyReads({ module, params: read }), site.hosts.pendingEffects)
      : undefined
    if (foreseen !== undefined) return { outcome: predicted(module.name, foreseen.changed, foreseen.note), since }
    return { outcome: failure(module.name, errorAt(error, call, site)), since }
  }
}

/** The host that the task acts on. In check mode the user to become may be one that an earlier task would have made. */
export async function takeHost(site: TaskSite, remember: boolean): Promise<Host> {
  if (!site.simulated) return site.seat(undefined, remember)
  try {
    return await site.seat(site.task.name, remember)
  } catch (error) {
    const { kind, message, next } = asHostwrightError(error)
    throw kind === 'failed' ? new Unreadable(message, 'user', { cause: error, ...defined({ next }) }) : error
  }
}

/** Facts are asked for only when something touches them: then once, and the step is taken again. */
export async function withFacts<T>(site: Pick<TaskSite, 'gather'>, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step()
  } catch (error) {
    if (!isNotKnownYet(error, 'facts')) throw error
    await site.gather()
    return step()
  }
}

/** An error with the host, the task and the place of the call. */
export function errorAt(error: unknown, call: Call, site: TaskSite): HostwrightError {
  const place = call.site.place ?? site.task.site.place
  return asHostwrightError(error).at({
    host: site.acted,
    task: site.task.name,
    ...defined({ place }),
  })
}
