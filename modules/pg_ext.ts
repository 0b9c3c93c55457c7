import { choice, defineModule, HostwrightError, optional, Type, withDefault } from '../lib/index.ts'
import { statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, rawSql, sql } from '../lib/kit/postgres/sql/sql.ts'

/** The result of `pg_ext`. */
export interface PgExtResult {
  /** The extension. */
  readonly ext: string
  /** Its database. */
  readonly db: string
  /** The version before; empty if it was not there. */
  readonly prev_version: string
  /** The version now; empty if it is not there. */
  readonly version: string
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
}

/**
 * An extension of a database. Without `version` one that is there stays as it is; `latest` follows what the host's packages bring.
 *
 * @see community.postgresql.postgresql_ext
 */
export const pg_ext = defineModule({
  name: 'pg_ext',
  summary: 'An extension of a PostgreSQL database.',
  params: {
    name: Type.String({ minLength: 1, description: 'The extension.' }),
    schema: optional(Type.String({ description: 'Where its objects go, when it is created.' })),
    version: optional(Type.String({ description: 'Its version, or latest.' })),
    cascade: withDefault(Type.Boolean({ description: 'Bring, or remove, what depends on it too.' }), false),
    state: withDefault(
      choice(['present', 'absent'], { description: 'Whether the extension is to be there.' }),
      'present',
    ),
    ...loginParams,
  },
  examples: [{ name: 'Query statistics', params: { name: 'pg_stat_statements', db: 'postgres' } }],
  plan: async (wanted, host) => {
    const { name } = wanted
    const address = addressOf(wanted)
    const db = address.database ?? 'postgres'
    const server = host.postgres(address)
    const [row] = await server.query<{ now: string | null; newest: string | null; offered: boolean }>(
      `SELECT (SELECT extversion FROM pg_extension WHERE extname = $1) AS now, (SELECT default_version FROM pg_available_extensions WHERE name = $1) AS newest,
         EXISTS (SELECT FROM pg_available_extension_versions WHERE name = $1 AND ($2::text IS NULL OR $2 = 'latest' OR version = $2)) AS offered`,
      [name, wanted.version ?? null],
    )
    const now = row?.now ?? null
    const cascade = rawSql(wanted.cascade ? ' CASCADE' : '')
    const version = (wanted.version === 'latest' ? row?.newest : wanted.version) ?? null
    const then = wanted.state === 'absent' ? null : (version ?? now ?? row?.newest ?? null)
    if (wanted.state === 'present' && then !== now && row?.offered !== true)
      throw new HostwrightError(
        `the host offers no extension ${name}${version === null ? '' : ` in version ${version}`}`,
        {
          host: host.name,
          next: 'install the package that brings it (apt search postgresql), or correct the name',
        },
      )
    const schema = wanted.schema === undefined ? rawSql('') : sql` SCHEMA ${ident(wanted.schema)}`
    const asked = wanted.version === undefined || version === null ? rawSql('') : sql` VERSION ${ident(version)}`
    const statement =
      then === null
        ? sql`DROP EXTENSION ${ident(name)}${cascade}`
        : now === null
          ? sql`CREATE EXTENSION ${ident(name)}${schema}${asked}${cascade}`
          : sql`ALTER EXTENSION ${ident(name)} UPDATE TO ${ident(then)}`
    return statementPlan<PgExtResult>(server, {
      ...{ address, of: `extension ${name} of ${db}`, statements: then === now ? [] : [statement] },
      before: { version: now },
      after: { version: then },
      result: { ext: name, db, prev_version: now ?? '', version: then ?? '' },
    })
  },
})
