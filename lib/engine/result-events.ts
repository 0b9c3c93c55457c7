import { defined } from '../defined.ts'
import type { HostwrightError } from '../error.ts'
import type { Diff } from '../play/module.ts'
import type { TaskData } from '../play/data.ts'
import type { DiffReport, ErrorReport, ResultEvent } from '../events/event.ts'
import { mask, maskDeep } from '../secret.ts'
import type { TaskOutcome } from './task/outcome.ts'

export interface Told {
  readonly play: string
  readonly task: TaskData
  readonly kind: 'task' | 'handler'
  readonly host: string
  readonly forgiven: 'ignored' | 'rescued' | undefined
  readonly seconds: number
  readonly diff: boolean
}

/** The events of one task on one host: one for each call of a loop, then one for the whole. Nothing secret is left in them. */
export function resultEvents(told: Told, outcome: TaskOutcome): readonly ResultEvent[] {
  const whole = resultEvent(told, outcome)
  const items = outcome.items ?? []
  return [
    ...items.map((item, index) => ({
      ...resultEvent(told, item),
      item: { index, count: items.length, label: told.task.options.no_log === true ? '(censored)' : mask(item.label) },
    })),
    whole,
  ]
}

function resultEvent(told: Told, outcome: TaskOutcome): ResultEvent {
  const { task } = told
  const censored = task.options.no_log === true
  const place = task.site.place
  const failed = outcome.status === 'failed' || outcome.status === 'unreachable'
  return {
    type: 'result',
    play: told.play,
    task: task.name,
    kind: told.kind,
    host: told.host,
    module: outcome.module,
    status: outcome.status,
    ...(failed && told.forgiven !== undefined ? { forgiven: told.forgiven } : {}),
    result: censored ? {} : (maskDeep(outcome.result) as ResultEvent['result']),
    diff: censored || !told.diff ? [] : outcome.diff.map(diffReport),
    ...(outcome.error === undefined ? {} : { error: errorReport(outcome.error, censored) }),
    ...(outcome.note === undefined ? {} : { note: mask(outcome.note) }),
    ...defined({ delegated_to: outcome.delegatedTo }),
    ...(censored ? { censored } : {}),
    ...defined({ place }),
    seconds: told.seconds,
  }
}

function diffReport(diff: Diff): DiffReport {
  return {
    of: mask(diff.of),
    before: maskDeep(diff.before) as DiffReport['before'],
    after: maskDeep(diff.after) as DiffReport['after'],
  }
}

function errorReport(error: HostwrightError, censored: boolean): ErrorReport {
  return {
    message: censored ? 'the task failed; no_log hides how' : mask(error.message),
    ...(error.next === undefined || censored ? {} : { next: mask(error.next) }),
    ...defined({ place: error.place }),
    data: censored ? {} : (maskDeep(error.data) as Readonly<Record<string, unknown>>),
  }
}
