import type { PendingEffects, PendingEffect } from '../../host/pending-effects.ts'
import { Unreadable } from '../../host/unreadable.ts'

/** The prediction for a task that cannot be planned, because an earlier one has not really run. */
export interface Prediction {
  readonly changed: boolean
  readonly note: string
}

const brings: Readonly<Partial<Record<string, readonly string[]>>> = {
  database: ['cluster', 'service', 'package'],
  service: ['package', 'file'],
  user: ['user', 'package'],
  command: ['package'],
}

/**
 * In check mode, a question that fails because an earlier task of this run would have made it succeed is no failure. What only looks changes nothing. What
 * lives in a database changes if the cluster is yet to be made; in one that is only stopped it is taken to be as it was left. Anything else would change.
 *
 * @returns undefined when nothing pending explains the failure: then it is one.
 */
export function predict(
  error: unknown,
  host: string,
  reads: boolean,
  pendingEffects: PendingEffects,
): Prediction | undefined {
  if (!(error instanceof Unreadable)) return undefined
  const cause =
    bringer(error.what, pendingEffects.effects(host)) ??
    (reads ? bringer(error.what, pendingEffects.effects()) : undefined)
  if (cause === undefined) return undefined
  const where = cause.host === host ? '' : ` on ${cause.host}`
  const fresh = pendingEffects.effects(host).some((effect) => effect.kind === 'cluster')
  return {
    changed: !reads && (error.what !== 'database' || fresh),
    note: `cannot be read before "${cause.task}" has run${where}`,
  }
}

function bringer(what: string, effects: readonly PendingEffect[]): PendingEffect | undefined {
  const kinds = brings[what] ?? []
  return effects.find((effect) => kinds.includes(effect.kind)) ?? effects.at(-1)
}
