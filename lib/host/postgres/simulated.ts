import type { Effect } from '../pending-effects.ts'
import type { PostgresReader, PostgresWriter, Row } from './postgres.ts'

/** What one simulated run would have done to its servers. */
export interface ServersMemory {
  readonly statements: Set<string>
  readonly reloaded: Set<string>
}

export function serversMemory(): ServersMemory {
  return { statements: new Set(), reloaded: new Set() }
}

/** A server that is really read, and changed in name only. */
export function simulatedPostgres(
  real: PostgresReader,
  note: (effect: Effect) => void,
  memory: ServersMemory,
): PostgresWriter {
  const unnamed: Effect = { kind: 'database', name: real.server }
  const key = (sql: string) => `${real.server}\0${sql}`
  const promise = (statements: readonly string[], effect: Effect) => {
    for (const sql of statements) memory.statements.add(key(sql))
    note(effect)
  }
  return {
    server: real.server,
    query: <R extends Row>(sql: string, values?: readonly unknown[]) => real.query<R>(sql, values),
    outcome: (sql, values) => real.outcome(sql, values),
    version: () => real.version(),
    loadTime: () => (memory.reloaded.has(real.server) ? Promise.resolve(Infinity) : real.loadTime()),
    promised: (sql) => memory.statements.has(key(sql)),
    execute: <R extends Row>(sql: string, _values?: readonly unknown[], effect = unnamed) => {
      promise([sql], effect)
      return Promise.resolve([] as readonly R[])
    },
    statement: (sql, _values, effect = unnamed) => {
      promise([sql], effect)
      return Promise.resolve({ rows: [], rowCount: 0, status: '' })
    },
    transaction: (statements, effect = unnamed) => {
      promise(
        statements.map(({ sql }) => sql),
        effect,
      )
      return Promise.resolve()
    },
    reload: () => {
      memory.reloaded.add(real.server)
      note(unnamed)
      return Promise.resolve(false)
    },
  }
}
