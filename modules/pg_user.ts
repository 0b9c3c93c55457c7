import {
  choice,
  defined,
  defineModule,
  listOf,
  optional,
  secret,
  Secret,
  Type,
  withDefault,
  type Attributes,
  type Plan,
  type PostgresReader,
  type Read,
} from '../lib/index.ts'
import { settingLiteral } from '../lib/kit/postgres/conf/setting-literal.ts'
import { flagNames, parseFlags, readRole, readVerifier, type Role } from '../lib/kit/postgres/roles/role.ts'
import { isVerifier, matchesPassword, md5Verifier, saltFor, scramVerifier } from '../lib/kit/postgres/roles/scram.ts'
import { differing, statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, joinSql, literal, rawSql, sql, type Sql } from '../lib/kit/postgres/sql/sql.ts'

/** The result of `pg_user`. */
export interface PgUserResult {
  /** The role. */
  readonly user: string
  /** The statements, passwords and verifiers as stars. */
  readonly queries: readonly string[]
  /** Whether a role that was to go is gone. */
  readonly user_removed?: boolean
}

const params = {
  name: Type.String({ minLength: 1, description: 'The role.' }),
  password: optional(
    secret({ description: 'Its password, or the verifier (SCRAM-SHA-256$…, md5…) to store; empty: no password.' }),
  ),
  role_attr_flags: withDefault(
    Type.String({ description: `Attributes, with commas: ${flagNames.join(', ')}, each also with NO before it.` }),
    '',
  ),
  conn_limit: optional(Type.Integer({ minimum: -1, description: 'How many sessions it may have; -1: any number.' })),
  expires: optional(
    Type.String({ description: 'When its password ends: a moment as PostgreSQL reads it, or infinity.' }),
  ),
  comment: optional(Type.String({ description: 'Its comment; empty: none.' })),
  groups: optional(listOf(Type.String(), { description: 'Roles it is to be a member of; other memberships stay.' })),
  configuration: optional(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      description: 'Settings of its sessions (ALTER ROLE … SET).',
    }),
  ),
  reset_unspecified_configuration: withDefault(
    Type.Boolean({ description: 'Reset settings that are not in configuration.' }),
    false,
  ),
  state: withDefault(choice(['present', 'absent'], { description: 'Whether the role is to be there.' }), 'present'),
  encrypted: withDefault(
    Type.Boolean({ description: 'Kept for compatibility: passwords are always stored encrypted.' }),
    true,
  ),
  no_password_changes: withDefault(
    Type.Boolean({
      description: 'Give a new role its password, but never look at or change that of one that is there.',
    }),
    false,
  ),
  fail_on_user: withDefault(
    Type.Boolean({ description: 'Whether it is an error when a role cannot be removed.' }),
    true,
  ),
  ...loginParams,
}
type Wanted = Read<typeof params>

/**
 * A role with login privilege, as CREATE USER makes it (NOLOGIN among the flags makes a group). Attributes that are not named stay as they are.
 *
 * The password never leaves this machine: the server is sent its SCRAM-SHA-256 verifier, so it stands in no log or statement. A password that the role
 * has already, by SCRAM or by md5, is not written again.
 *
 * @see community.postgresql.postgresql_user, https://www.postgresql.org/docs/current/sql-createrole.html
 */
export const pg_user = defineModule({
  name: 'pg_user',
  summary: 'A role of a PostgreSQL server: attributes, password, comment, memberships.',
  params,
  examples: [
    {
      name: 'The standby logs in as this role',
      params: { name: 'replicator', password: 'correct horse', role_attr_flags: 'REPLICATION,NOSUPERUSER' },
    },
    { name: 'A group', params: { name: 'readers', role_attr_flags: 'NOLOGIN', comment: 'may read everything' } },
  ],
  check: ({ role_attr_flags, name }) => [
    ...parseFlags(role_attr_flags).unknown.map(
      (word) =>
        `"role_attr_flags" has the unknown attribute ${word}; known: ${flagNames.join(', ')}, and NO before each`,
    ),
    ...(name.toLowerCase() === 'public' ? ['"PUBLIC" is no role; grant to it with pg_privs'] : []),
  ],
  plan: async (wanted, host): Promise<Plan<PgUserResult>> => {
    const { name } = wanted
    const address = addressOf(wanted)
    const server = host.postgres(address)
    const [role, stored] = await Promise.all([readRole(server, name, wanted.expires), storedVerifier(server, wanted)])
    const of = `role ${name}`
    if (wanted.state === 'absent')
      return removal(
        statementPlan<PgUserResult>(server, {
          ...{ address, of, result: { user: name, user_removed: true } },
          statements: role === undefined ? [] : [sql`DROP ROLE ${ident(name)}`],
          before: { state: 'present' },
          after: { state: 'absent' },
        }),
        wanted.fail_on_user,
      )

    const verifier = await newVerifier(server, role, stored, wanted)
    const clauses = clausesOf(wanted, role, verifier)
    const head = role === undefined ? sql`CREATE USER ${ident(name)}` : sql`ALTER ROLE ${ident(name)}`
    const own = role === undefined || clauses.length > 0
    const more = [...commentOf(wanted, role), ...settingsOf(wanted, role), ...groupsOf(wanted, role)]
    return statementPlan<PgUserResult>(server, {
      ...{ address, of, result: { user: name } },
      statements: [...(own ? [joinSql([head, ...clauses.map((one) => one.sql)], ' ')] : []), ...more],
      shown: [
        ...(own ? [[head.text, ...clauses.map((one) => one.shown)].join(' ')] : []),
        ...more.map(({ text }) => text),
      ],
      ...differing(
        role === undefined ? { state: 'absent' } : attributesOf(role),
        wantedAttributes(wanted, role, verifier),
      ),
    })
  },
})

/** A part of CREATE USER or ALTER ROLE, and how it is shown. */
interface Clause {
  readonly sql: Sql
  readonly shown: string
}

const openly = (sql: Sql): Clause => ({ sql, shown: sql.text })

function missingFlags({ role_attr_flags }: Wanted, role: Role | undefined) {
  return [...parseFlags(role_attr_flags).flags].filter(([flag, on]) => role?.flags[flag] !== on)
}

function clausesOf(wanted: Wanted, role: Role | undefined, verifier: Secret | null | undefined): readonly Clause[] {
  const { conn_limit, expires } = wanted
  const clauses = missingFlags(wanted, role).map(([flag, on]) => openly(rawSql(on ? flag : `NO${flag}`)))
  if (conn_limit !== undefined && conn_limit !== (role?.connLimit ?? -1))
    clauses.push(openly(sql`CONNECTION LIMIT ${conn_limit}`))
  if (expires !== undefined && role?.sameExpiry !== true) clauses.push(openly(sql`VALID UNTIL ${expires}`))
  if (verifier === null) clauses.push(openly(sql`PASSWORD NULL`))
  else if (verifier !== undefined)
    clauses.push({ sql: sql`PASSWORD ${literal(verifier.reveal())}`, shown: "PASSWORD '********'" })
  return clauses
}

/** What the diff shows of the role as it is to be: only what the task names. */
function wantedAttributes(wanted: Wanted, role: Role | undefined, verifier: Secret | null | undefined): Attributes {
  const { conn_limit, expires, comment, configuration, groups } = wanted
  return {
    ...(role === undefined ? { state: 'present' } : {}),
    ...Object.fromEntries(missingFlags(wanted, role)),
    ...defined({ conn_limit }),
    ...(role?.sameExpiry === true ? {} : defined({ expires })),
    ...(verifier === undefined ? {} : { password: verifier === null ? null : '********' }),
    ...(comment === undefined ? {} : { comment: comment === '' ? null : comment }),
    ...(configuration === undefined ? {} : { configuration: wantedSettings(wanted, role) }),
    ...(groups === undefined ? {} : { groups: [...new Set([...(role?.groups ?? []), ...groups])].sort() }),
  }
}

function attributesOf(role: Role): Attributes {
  const { flags, connLimit, expires, comment, configuration, groups } = role
  return { ...flags, conn_limit: connLimit, expires, password: '(another)', comment, configuration, groups }
}

/** What the server has of a password that may have to be compared; the reason why it cannot be read counts only if it has to be. */
async function storedVerifier(server: PostgresReader, { name, password }: Wanted): Promise<() => string | null> {
  if (password === undefined) return () => null
  const [read] = await Promise.allSettled([readVerifier(server, name)])
  return () => {
    if (read.status === 'rejected') throw read.reason
    return read.value
  }
}

/** What to store instead of the password; undefined: leave it alone; null: none. */
async function newVerifier(
  server: PostgresReader,
  role: Role | undefined,
  stored: () => string | null,
  wanted: Wanted,
): Promise<Secret | null | undefined> {
  if (wanted.password === undefined || (role !== undefined && wanted.no_password_changes)) return undefined
  const password = wanted.password.reveal()
  if (role !== undefined && matchesPassword(stored(), password, wanted.name)) return undefined
  if (password === '') return role === undefined ? undefined : null
  if (isVerifier(password)) return wanted.password
  const version = await server.version()
  if (version < 100000) return new Secret(md5Verifier(password, wanted.name))
  return new Secret(
    scramVerifier(password, saltFor(wanted.name, password), version >= 160000 ? await iterations(server) : undefined),
  )
}

async function iterations(server: PostgresReader): Promise<number> {
  const [row] = await server.query<{ count: number }>(`SELECT current_setting('scram_iterations')::int AS count`)
  return row?.count ?? 4096
}

function commentOf({ name, comment }: Wanted, role: Role | undefined): readonly Sql[] {
  if (comment === undefined || comment === (role?.comment ?? '')) return []
  return [sql`COMMENT ON ROLE ${ident(name)} IS ${comment === '' ? null : comment}`]
}

function groupsOf({ name, groups }: Wanted, role: Role | undefined): readonly Sql[] {
  const missing = (groups ?? []).filter((group) => role?.groups.includes(group) !== true)
  return missing.map((group) => sql`GRANT ${ident(group)} TO ${ident(name)}`)
}

function settingsOf(wanted: Wanted, role: Role | undefined): readonly Sql[] {
  if (wanted.configuration === undefined && !wanted.reset_unspecified_configuration) return []
  const now = new Map((role?.configuration ?? []).map(splitSetting))
  const then = new Map(wantedSettings(wanted, role).map(splitSetting))
  const set = [...then].filter(([key, value]) => now.get(key) !== value)
  const reset = [...now.keys()].filter((key) => !then.has(key))
  return [
    ...set.map(
      ([key, value]) => sql`ALTER ROLE ${ident(wanted.name)} SET ${ident(key)} TO ${settingLiteral(key, value)}`,
    ),
    ...reset.map((key) => sql`ALTER ROLE ${ident(wanted.name)} RESET ${ident(key)}`),
  ]
}

function wantedSettings(wanted: Wanted, role: Role | undefined): readonly string[] {
  const kept = wanted.reset_unspecified_configuration ? [] : (role?.configuration ?? [])
  const asked = Object.entries(wanted.configuration ?? {}).map(([key, value]): [string, string] => [
    key,
    typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value),
  ])
  return [...new Map([...kept.map(splitSetting), ...asked])].map(([key, value]) => `${key}=${value}`).sort()
}

function splitSetting(setting: string): [string, string] {
  const at = setting.indexOf('=')
  return [setting.slice(0, at), setting.slice(at + 1)]
}

/** With `fail_on_user: false` a role that still owns something stays, and the result says so. */
function removal(plan: Plan<PgUserResult>, fail: boolean): Plan<PgUserResult> {
  if (!plan.changed || fail) return plan
  return {
    ...plan,
    apply: (host) =>
      Promise.resolve(plan.apply(host)).then(
        () => undefined,
        () => ({ user_removed: false }),
      ),
  }
}
