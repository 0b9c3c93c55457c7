import { defined } from '../defined.ts'
import { setTimeout as sleep } from 'node:timers/promises'
import { HostwrightError } from '../error.ts'
import type { TaskOptions } from '../play/data.ts'
import { registered, type TaskOutcome } from './task/outcome.ts'

/**
 * Tries a task again while `until` does not hold, or, with `retries` alone, while it fails. In check mode nothing that is waited for can come about: one try.
 */
export async function withRetries(
  options: TaskOptions,
  once: boolean,
  attempt: () => Promise<TaskOutcome>,
  tell: (attempt: number, left: number, message: string) => void,
  signal: AbortSignal | undefined,
): Promise<TaskOutcome> {
  if (options.until === undefined && options.retries === undefined) return attempt()
  const retries = options.retries ?? 3
  const stopped = (): boolean => signal?.aborted === true
  for (let tried = 0; ; tried++) {
    const outcome = await attempt()
    if (once || outcome.status === 'unreachable' || outcome.status === 'skipped') return outcome
    const good = outcome.status !== 'failed' && (options.until?.(registered(outcome) as never) ?? true)
    if (good) return outcome
    if (stopped()) return outcome
    if (tried >= retries)
      return outcome.status === 'failed'
        ? outcome
        : { ...outcome, status: 'failed', error: outcome.error ?? gaveUp(retries) }
    tell(tried + 1, retries - tried, outcome.error?.message ?? 'the condition of until does not hold')
    await sleep((options.delay ?? 5) * 1000, undefined, defined({ signal })).catch(() => undefined)
    if (stopped()) return { ...outcome, status: 'failed' }
  }
}

function gaveUp(retries: number) {
  return new HostwrightError(`until did not hold after ${retries} retries`, {
    next: 'raise retries or delay, or see what it waits for',
  })
}
