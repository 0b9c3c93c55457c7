import type { Effect, PendingEffect } from '../ledger.ts'
import type { ServiceReader, ServiceWriter } from './services.ts'

/** @param _pending - what this host's earlier tasks would have brought about. */
export function simulatedServices(
  _real: ServiceReader,
  _note: (effect: Effect) => void,
  _pending: () => readonly PendingEffect[],
): ServiceWriter {
  throw new Error('being built')
}
