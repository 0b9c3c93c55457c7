import { choice, defineModule, listOf, optional, Type, withDefault, type Plan } from '../lib/index.ts'
import { differing, statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, joinSql, rawSql, sql } from '../lib/kit/postgres/sql/sql.ts'
import { parseTable, showTable, tableSql } from '../lib/kit/postgres/sql/table-name.ts'
import { columnName, readTable } from '../lib/kit/postgres/sql/table.ts'

/** The result of `pg_table`. */
export interface PgTableResult {
  /** `schema.table`. */
  readonly table: string
  /** Whether it is there. */
  readonly state: 'present' | 'absent'
  /** Its owner. */
  readonly owner: string
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
}

/**
 * A table. One that is there keeps its columns and rows: columns that it lacks are added, other differences are left to whoever wrote them.
 *
 * @throws the server's error, when a column's definition is not SQL or cannot be added to the rows that are there.
 * @see community.postgresql.postgresql_table, https://www.postgresql.org/docs/current/sql-createtable.html
 */
export const pg_table = defineModule({
  name: 'pg_table',
  summary: 'A table of a PostgreSQL database.',
  params: {
    name: Type.String({ minLength: 1, description: 'The table, with its schema or without (then: public).' }),
    columns: withDefault(
      listOf(Type.String({ pattern: '\\S\\s+\\S' }), { description: 'Its columns as SQL: `id bigint PRIMARY KEY`.' }),
      [],
    ),
    owner: optional(Type.String({ description: 'Its owner. Default: who creates it.' })),
    cascade: withDefault(Type.Boolean({ description: 'With state absent: what depends on it goes too.' }), false),
    state: withDefault(choice(['present', 'absent'], { description: 'Whether the table is to be there.' }), 'present'),
    ...loginParams,
  },
  examples: [{ name: 'Notes', params: { name: 'notes', columns: ['id bigint PRIMARY KEY', 'note text NOT NULL'] } }],
  plan: async (wanted, host): Promise<Plan<PgTableResult>> => {
    const address = addressOf(wanted)
    const server = host.postgres(address)
    const name = parseTable(wanted.name)
    const now = await readTable(server, name)
    const [table, of] = [tableSql(name), `table ${showTable(name)}`]
    const result = { table: showTable(name), state: wanted.state }
    if (wanted.state === 'absent')
      return statementPlan<PgTableResult>(server, {
        ...{ address, of, before: { state: 'present' }, after: { state: 'absent' } },
        statements: now === undefined ? [] : [sql`DROP TABLE ${table}${rawSql(wanted.cascade ? ' CASCADE' : '')}`],
        result: { ...result, owner: '' },
      })
    const missing = wanted.columns.filter((column) => now?.columns.includes(columnName(column)) !== true)
    const definitions = joinSql(wanted.columns.map(rawSql), ', ')
    const columns = [...(now?.columns ?? []), ...missing.map(columnName)]
    const owned = wanted.owner !== undefined && wanted.owner !== now?.owner
    return statementPlan<PgTableResult>(server, {
      ...{ address, of },
      statements: [
        ...(now === undefined
          ? [sql`CREATE TABLE ${table} (${definitions})`]
          : missing.map((column) => sql`ALTER TABLE ${table} ADD COLUMN ${rawSql(column)}`)),
        ...(owned ? [sql`ALTER TABLE ${table} OWNER TO ${ident(wanted.owner ?? '')}`] : []),
      ],
      ...differing(now === undefined ? { state: 'absent' } : { ...now }, {
        ...(now === undefined ? { state: 'present' } : {}),
        columns,
        ...(owned ? { owner: wanted.owner } : {}),
      }),
      result: { ...result, owner: wanted.owner ?? now?.owner ?? address.user ?? 'postgres' },
    })
  },
})
