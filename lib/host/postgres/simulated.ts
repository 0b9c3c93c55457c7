import type { Effect } from '../ledger.ts'
import type { PostgresReader, PostgresWriter, Row } from './postgres.ts'

/** A server that is really read, and changed in name only. */
export function simulatedPostgres(real: PostgresReader, note: (effect: Effect) => void): PostgresWriter {
  const unnamed: Effect = { kind: 'database', name: real.server }
  return {
    server: real.server,
    query: <R extends Row>(sql: string, values?: readonly unknown[]) => real.query<R>(sql, values),
    outcome: (sql, values) => real.outcome(sql, values),
    version: () => real.version(),
    execute: <R extends Row>(_sql: string, _values?: readonly unknown[], effect = unnamed) => {
      note(effect)
      return Promise.resolve([] as readonly R[])
    },
    statement: (_sql, _values, effect = unnamed) => {
      note(effect)
      return Promise.resolve({ rows: [], rowCount: 0, status: '' })
    },
    transaction: (_statements, effect = unnamed) => {
      note(effect)
      return Promise.resolve()
    },
  }
}
