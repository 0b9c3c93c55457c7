import { change, defineModule, optional, Type, unchanged, withDefault, type StatementResult } from '../lib/index.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { sqlState } from '../lib/kit/postgres/sql/sql-state.ts'
import { bindNamed, bindPositional, firstWord, looksLikeChange } from '../lib/kit/postgres/sql/statement.ts'

/** The result of `pg_query`. */
export interface PgQueryResult {
  /** The statement. */
  readonly query: string
  /** The server's own words: `SELECT 3`, `INSERT 0 1`. */
  readonly statusmessage: string
  /** The rows that it returned. */
  readonly query_result: readonly Readonly<Record<string, unknown>>[]
  /** The same as query_result. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** How many rows it returned or changed. */
  readonly rowcount: number
}

/**
 * Runs a statement. One that only reads runs in a read-only transaction, in check mode too, and changes nothing; every other is a change, each time: guard it
 * by the result of a query, or use a module that knows what is there.
 *
 * Arguments are bound by the server: `$1`, or `%s` and `%(name)s` as in community.postgresql. Differences: a statement that reads but calls a function with
 * effects (`pg_switch_wal()`) counts as a change; `changes` says so of functions this module does not know.
 *
 * @see community.postgresql.postgresql_query
 */
export const pg_query = defineModule({
  name: 'pg_query',
  summary: 'Runs a statement in a PostgreSQL database.',
  params: {
    query: Type.String({ minLength: 1, description: 'The statement.' }),
    positional_args: optional(Type.Array(Type.Unknown(), { description: 'Values for $1, $2 … or %s, in order.' })),
    named_args: optional(Type.Record(Type.String(), Type.Unknown(), { description: 'Values for %(name)s.' })),
    autocommit: withDefault(
      Type.Boolean({ description: 'Kept for compatibility: a statement is never wrapped in a transaction.' }),
      false,
    ),
    changes: optional(
      Type.Boolean({ description: 'Whether the statement changes something, where its text does not show it.' }),
    ),
    ...loginParams,
  },
  concurrent: true,
  examples: [
    { name: 'Who streams from here?', params: { query: 'SELECT application_name, state FROM pg_stat_replication' } },
    {
      name: 'With a value',
      params: { query: 'SELECT * FROM books WHERE id = %s', positional_args: [1], db: 'library' },
    },
  ],
  reads: ({ query, changes }) => !(changes ?? looksLikeChange(query)),
  check: ({ positional_args, named_args }) =>
    positional_args !== undefined && named_args !== undefined
      ? ['"positional_args" and "named_args" exclude each other']
      : [],
  plan: async (params, host) => {
    const address = addressOf(params)
    const { query } = params
    const bound =
      params.named_args !== undefined
        ? bindNamed(query, params.named_args)
        : bindPositional(query, params.positional_args ?? [])
    const asChange = () =>
      change<PgQueryResult>({
        diff: [{ of: `statement in ${address.database ?? 'postgres'}`, before: '', after: `${query.trim()}\n` }],
        result: { query, statusmessage: firstWord(query), query_result: [], rows: [], rowcount: 0 },
        apply: async (applied) => {
          const effect = { kind: 'database', name: address.database ?? 'postgres' } as const
          const server = applied.postgres(address)
          return resultOf(
            query,
            await server.statement(bound.text, bound.values.length > 0 ? bound.values : undefined, effect),
          )
        },
      })
    if (params.changes ?? looksLikeChange(query)) return asChange()
    try {
      return unchanged(resultOf(query, await host.postgres(address).outcome(bound.text, bound.values)))
    } catch (error) {
      // The server itself knows best: "cannot execute … in a read-only transaction".
      if (sqlState(error) === '25006' && params.changes === undefined) return asChange()
      throw error
    }
  },
})

function resultOf(query: string, { rows, rowCount, status }: StatementResult): PgQueryResult {
  return { query, statusmessage: status, query_result: rows, rows, rowcount: rowCount }
}
