import type { Effect, PendingEffect } from '../ledger.ts'
import type { UserReader, UserWriter } from './users.ts'

/** @param _pending - what this host's earlier tasks would have brought about. */
export function simulatedUsers(
  _real: UserReader,
  _note: (effect: Effect) => void,
  _pending: () => readonly PendingEffect[],
): UserWriter {
  throw new Error('being built')
}
