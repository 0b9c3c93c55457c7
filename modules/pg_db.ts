import { choice, defineModule, HostwrightError, optional, Type, withDefault, type Read } from '../lib/index.ts'
import { differing, statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, joinSql, rawSql, sql, type Sql } from '../lib/kit/postgres/sql/sql.ts'

/** The result of `pg_db`. */
export interface PgDbResult {
  /** The database. */
  readonly db: string
  /** The statements, under both of community.postgresql's names. */
  readonly executed_commands: readonly string[]
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
}

interface Database {
  readonly owner: string
  readonly encoding: string
  readonly wanted_encoding: string | null
  readonly lc_collate: string
  readonly lc_ctype: string
  readonly conn_limit: number
  readonly tablespace: string
  readonly comment: string | null
}

const params = {
  name: Type.String({ minLength: 1, description: 'The database.' }),
  owner: optional(Type.String({ description: 'Its owner. Default: who creates it.' })),
  template: optional(Type.String({ description: 'What it is copied from. Default: template1.' })),
  encoding: optional(
    Type.String({ description: 'Its encoding: UTF8. Other than the template’s only from template0.' }),
  ),
  lc_collate: optional(Type.String({ description: 'Its collation order.' })),
  lc_ctype: optional(Type.String({ description: 'Its classes of characters.' })),
  conn_limit: optional(Type.Integer({ minimum: -1, description: 'How many sessions it takes; -1: any number.' })),
  tablespace: optional(Type.String({ description: 'Where its files lie.' })),
  comment: optional(Type.String({ description: 'Its comment; empty: none.' })),
  state: withDefault(choice(['present', 'absent'], { description: 'Whether the database is to be there.' }), 'present'),
  force: withDefault(Type.Boolean({ description: 'End the sessions in it to remove it.' }), false),
  maintenance_db: withDefault(Type.String({ description: 'The database to connect to.' }), 'postgres'),
  ...loginParams,
}
type Wanted = Read<typeof params>

/**
 * A database. Owner, connection limit, tablespace and comment are changed in place; encoding and locale belong to a database for ever, and asking for
 * others is an error that leaves it untouched.
 *
 * @see community.postgresql.postgresql_db, https://www.postgresql.org/docs/current/sql-createdatabase.html
 */
export const pg_db = defineModule({
  name: 'pg_db',
  summary: 'A PostgreSQL database.',
  params,
  examples: [
    { name: 'A database with an owner', params: { name: 'library', owner: 'librarian' } },
    {
      name: 'With its own encoding',
      params: { name: 'old', encoding: 'LATIN1', template: 'template0', lc_collate: 'C', lc_ctype: 'C' },
    },
  ],
  plan: async (wanted, host) => {
    const { name } = wanted
    const address = addressOf(wanted, wanted.login_db ?? wanted.db ?? wanted.maintenance_db)
    const server = host.postgres(address)
    const [row] = await server.query(
      `SELECT r.rolname::text AS owner, pg_encoding_to_char(d.encoding) AS encoding, pg_encoding_to_char(pg_char_to_encoding($2)) AS wanted_encoding,
         d.datcollate::text AS lc_collate, d.datctype::text AS lc_ctype, d.datconnlimit AS conn_limit, t.spcname::text AS tablespace,
         shobj_description(d.oid, 'pg_database') AS comment
       FROM pg_database d JOIN pg_roles r ON r.oid = d.datdba JOIN pg_tablespace t ON t.oid = d.dattablespace WHERE d.datname = $1`,
      [name, wanted.encoding ?? null],
    )
    const now = row as Database | undefined
    const plan = (statements: readonly Sql[], before: object, after: object) =>
      statementPlan<PgDbResult>(server, {
        ...{ address, of: `database ${name}`, statements, single: true },
        ...differing({ ...before }, { ...after }),
        result: { db: name, executed_commands: statements.map(({ text }) => text) },
      })
    if (wanted.state === 'absent') {
      const forced = rawSql(wanted.force ? ' WITH (FORCE)' : '')
      const drop = sql`DROP DATABASE ${ident(name)}${forced}`
      return plan(now === undefined ? [] : [drop], { state: 'present' }, { state: 'absent' })
    }
    const { owner, tablespace, conn_limit, comment } = wanted
    const after = {
      ...given({ owner, tablespace, conn_limit }),
      ...(comment === undefined ? {} : { comment: comment === '' ? null : comment }),
    }
    const aside =
      comment === undefined ? [] : [sql`COMMENT ON DATABASE ${ident(name)} IS ${comment === '' ? null : comment}`]
    if (now === undefined)
      return plan(
        [creation(wanted), ...(comment === '' ? [] : aside)],
        { state: 'absent' },
        { state: 'present', ...after, ...given(fixed(wanted)) },
      )
    refuseOther(host.name, wanted, now)
    return plan(
      [
        ...(owner === undefined || owner === now.owner
          ? []
          : [sql`ALTER DATABASE ${ident(name)} OWNER TO ${ident(owner)}`]),
        ...(conn_limit === undefined || conn_limit === now.conn_limit
          ? []
          : [sql`ALTER DATABASE ${ident(name)} CONNECTION LIMIT ${conn_limit}`]),
        ...(tablespace === undefined || tablespace === now.tablespace
          ? []
          : [sql`ALTER DATABASE ${ident(name)} SET TABLESPACE ${ident(tablespace)}`]),
        ...((comment ?? now.comment ?? '') === (now.comment ?? '') ? [] : aside),
      ],
      { ...now },
      after,
    )
  },
})

function fixed({ encoding, lc_collate, lc_ctype }: Wanted) {
  return { encoding, lc_collate, lc_ctype }
}

function creation(wanted: Wanted): Sql {
  const { owner, template, encoding, lc_collate, lc_ctype, tablespace, conn_limit } = wanted
  const clauses = [
    sql`CREATE DATABASE ${ident(wanted.name)}`,
    ...(owner === undefined ? [] : [sql`OWNER ${ident(owner)}`]),
    ...(template === undefined ? [] : [sql`TEMPLATE ${ident(template)}`]),
    ...(encoding === undefined ? [] : [sql`ENCODING ${encoding}`]),
    ...(lc_collate === undefined ? [] : [sql`LC_COLLATE ${lc_collate}`]),
    ...(lc_ctype === undefined ? [] : [sql`LC_CTYPE ${lc_ctype}`]),
    ...(tablespace === undefined ? [] : [sql`TABLESPACE ${ident(tablespace)}`]),
    ...(conn_limit === undefined ? [] : [sql`CONNECTION LIMIT ${conn_limit}`]),
  ]
  return joinSql(clauses, ' ')
}

function refuseOther(host: string, wanted: Wanted, now: Database): void {
  const differences = [
    wanted.encoding !== undefined && now.wanted_encoding !== now.encoding
      ? `encoding ${now.encoding}, not ${wanted.encoding}`
      : undefined,
    ...(['lc_collate', 'lc_ctype'] as const).map((key) =>
      wanted[key] !== undefined && !sameLocale(wanted[key], now[key])
        ? `${key} ${now[key]}, not ${wanted[key]}`
        : undefined,
    ),
  ].filter((text) => text !== undefined)
  if (differences.length > 0)
    throw new HostwrightError(`database ${wanted.name} has ${differences.join(', and ')}; that cannot be changed`, {
      host,
      next: 'ask for what it has, or dump it, drop it and load it into a new database',
    })
}

/** `en_US.UTF-8` and `en_US.utf8` are one locale. */
function sameLocale(one: string, other: string): boolean {
  const plain = (name: string) => name.toLowerCase().replace(/[-_]/g, '')
  return plain(one) === plain(other)
}

function given(attributes: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(attributes).filter(([, value]) => value !== undefined))
}
