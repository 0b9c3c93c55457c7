import type { Effect } from '../ledger.ts'
import type { PostgresReader, PostgresWriter } from './postgres.ts'

export function simulatedPostgres(_real: PostgresReader, _note: (effect: Effect) => void): PostgresWriter {
  throw new Error('being built')
}
