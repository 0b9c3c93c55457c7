import { defined } from '../../defined.ts'
import { allEnded, mayStillRun, type Ending } from '../../connection/wire/ending.ts'
import { HostwrightError } from '../../error.ts'
import type { Diff } from '../../play/module.ts'
import { markPredicted } from '../unknown/unknown-result.ts'
import type { Status } from '../../events/event.ts'

/** What became of one call, or of a whole task, on one host. */
export interface TaskOutcome {
  readonly status: Status
  readonly module: string
  readonly result: Readonly<Record<string, unknown>>
  readonly diff: readonly Diff[]
  readonly error?: HostwrightError
  readonly note?: string
  readonly items?: readonly ItemOutcome[]
  readonly delegatedTo?: string
}

export interface ItemOutcome extends TaskOutcome {
  readonly label: string
}

export const skipped: TaskOutcome = {
  status: 'skipped',
  module: '',
  result: { changed: false, skipped: true },
  diff: [],
}

/** The outcome of a call or a task that failed with this error. */
export function failure(module: string, error: HostwrightError): TaskOutcome {
  const status = error.kind === 'unreachable' ? 'unreachable' : 'failed'
  return { status, module, result: { changed: false }, diff: [], error }
}

/** The note on a call that cannot be planned in check mode. */
export function predicted(module: string, changed: boolean, note: string): TaskOutcome {
  return { status: changed ? 'changed' : 'ok', module, result: { changed }, diff: [], note }
}

/** The outcome of a loop: changed or failed when one of its calls is. */
export function foldItems(items: readonly ItemOutcome[]): TaskOutcome {
  const bad = items.find((item) => item.status === 'unreachable') ?? items.find((item) => item.status === 'failed')
  const changed = items.some((item) => item.status === 'changed')
  return {
    status: bad?.status ?? (changed ? 'changed' : 'ok'),
    module: items[0]?.module ?? '',
    result: { changed, results: items.map((item) => registered(item)) },
    diff: [],
    items,
    ...defined({ error: bad?.error }),
  }
}

/** What later tasks read of it. */
export function registered(outcome: TaskOutcome): Readonly<Record<string, unknown>> {
  const failed = outcome.status === 'failed' || outcome.status === 'unreachable'
  return Object.freeze({
    ...outcome.error?.data,
    ...outcome.result,
    changed: outcome.status === 'changed' || outcome.result['changed'] === true,
    failed,
    ...defined({ msg: outcome.error?.message }),
  })
}

/** What a task's `register` keeps of it: nothing of one that was skipped, and a mark on what is only predicted. */
export function registeredValue(outcome: TaskOutcome): unknown {
  if (outcome.status === 'skipped') return undefined
  const result = registered(outcome)
  return outcome.note === undefined ? result : markPredicted(result, outcome.note)
}

/** The outcome of a task that the user interrupted, in place of the error from its broken connection. */
export function cutOff(outcome: TaskOutcome, seconds: number, host: string, endings: readonly Ending[]): TaskOutcome {
  const { error, items, ...rest } = outcome
  const place = error?.place
  const left = mayStillRun(endings, host)
  const end = left !== undefined ? `see on ${host} that it has ended; ` : endings.length > 0 ? `${allEnded}; ` : ''
  const done = items?.filter((item) => item.status === 'ok' || item.status === 'changed')
  return {
    ...rest,
    status: 'failed',
    result: { changed: done?.some((item) => item.status === 'changed') ?? false },
    ...defined({ items: done }),
    error: new HostwrightError(
      `interrupted: cut off after ${Math.round(seconds)} s${left === undefined ? '' : `; ${left}`}`,
      {
        ...defined({ place }),
        next: `${end}what it began on the host may be half done; running the playbook again completes it`,
      },
    ),
  }
}
