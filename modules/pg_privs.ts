import {
  choice,
  defineModule,
  didYouMean,
  HostwrightError,
  listOf,
  optional,
  Type,
  Unreadable,
  withDefault,
  type Read,
} from '../lib/index.ts'
import { objectTypes, readAcls, type AclObject } from '../lib/kit/postgres/roles/acl.ts'
import { splitNames, statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, rawSql, sql, type Sql } from '../lib/kit/postgres/sql/sql.ts'

/** The result of `pg_privs`. */
export interface PgPrivsResult {
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
}

const names = (description: string) => optional(Type.Union([Type.String(), Type.Array(Type.String())], { description }))

const params = {
  type: withDefault(choice(objectTypes, { description: 'What the objects are.' }), 'table'),
  objs: names(
    'The objects; functions with their arguments: add(int,int). ALL_IN_SCHEMA: all of the schema. For databases by default the one connected to.',
  ),
  schema: optional(
    Type.String({ description: 'Their schema. Default: public; for functions whatever the search path finds.' }),
  ),
  privs: listOf(Type.String(), { description: 'The privileges; ALL: all there are.' }),
  roles: listOf(Type.String(), { description: 'Who has them; PUBLIC: everybody.' }),
  state: withDefault(
    choice(['present', 'absent'], { description: 'Whether the privileges are granted or revoked.' }),
    'present',
  ),
  grant_option: optional(
    Type.Boolean({ description: 'Whether they may grant them to others; left as it is by default.' }),
  ),
  fail_on_role: withDefault(Type.Boolean({ description: 'Whether a missing role is an error.' }), true),
  database: optional(Type.String({ description: 'The database to connect to; the same as login_db.' })),
  ...loginParams,
}
type Wanted = Read<typeof params>

/**
 * Privileges of roles on tables, sequences, functions, schemas and databases. What was granted directly counts; what comes by membership or to PUBLIC does not.
 *
 * @see community.postgresql.postgresql_privs, https://www.postgresql.org/docs/current/sql-grant.html
 */
export const pg_privs = defineModule({
  name: 'pg_privs',
  summary: 'Privileges of PostgreSQL roles.',
  params,
  examples: [
    {
      name: 'What barman calls (before PostgreSQL 15: pg_start_backup and pg_stop_backup)',
      params: {
        ...{ type: 'function', privs: 'EXECUTE', roles: 'barman', schema: 'pg_catalog' },
        objs: [
          'pg_backup_start(text,boolean)',
          'pg_backup_stop(boolean)',
          'pg_switch_wal()',
          'pg_create_restore_point(text)',
        ],
      },
    },
    { name: 'A reader', params: { database: 'library', objs: 'ALL_IN_SCHEMA', privs: 'SELECT', roles: 'reader' } },
  ],
  check: ({ type, objs }) => (objs === undefined && type !== 'database' ? ['"objs" is required'] : []),
  plan: async (wanted, host) => {
    const { type, state } = wanted
    const address = addressOf(wanted, wanted.database)
    const database = address.database ?? 'postgres'
    const server = host.postgres(address)
    const asked = splitNames(wanted.objs ?? database).map((name) =>
      type === 'function' ? name.replaceAll(':', ',') : name,
    )
    const [objects, known] = await Promise.all([
      readAcls(server, type, asked, wanted.schema),
      server.query<{ name: string }>('SELECT rolname::text AS name FROM pg_roles WHERE rolname = ANY($1::text[])', [
        wanted.roles,
      ]),
    ])
    const missing = asked.find((name) => name !== 'ALL_IN_SCHEMA' && !objects.some((object) => object.name === name))
    if (missing !== undefined)
      throw new Unreadable(`there is no ${type} ${missing} in database ${database}`, 'database', {
        host: host.name,
        next: 'create it first, or correct the name, the schema or the database',
      })
    const roles = wanted.roles
      .map((role) => (role.toUpperCase() === 'PUBLIC' ? 'PUBLIC' : role))
      .filter((role) => wanted.fail_on_role || role === 'PUBLIC' || known.some(({ name }) => name === role))
    const changes = objects.flatMap((object) => roles.map((role) => changesOf(host.name, wanted, object, role)))
    return statementPlan<PgPrivsResult>(server, {
      address,
      of: `privileges on ${type} ${asked.join(', ')}`,
      statements: changes.flatMap(({ statements }) => statements),
      before: Object.fromEntries(changes.filter(changing).map(({ key, now }) => [key, now])),
      after: Object.fromEntries(changes.filter(changing).map(({ key, then }) => [key, then])),
      result: {},
    })

    function changing(one: { statements: readonly Sql[] }): boolean {
      return one.statements.length > 0
    }

    function changesOf(hostName: string, { privs, grant_option }: Wanted, object: AclObject, role: string) {
      const mine = object.granted.filter((one) => one.role === role)
      const has = (privilege: string) => mine.find((one) => one.privilege === privilege)
      const wantedPrivs = expand(hostName, privs, object)
      const on = rawSql(`ON ${type.toUpperCase()} ${object.target}`)
      const who = role === 'PUBLIC' ? rawSql('PUBLIC') : ident(role)
      const words = (list: readonly string[]) => rawSql(list.join(', '))
      const revoke = state === 'absent' ? wantedPrivs.filter(has) : []
      const grant =
        state === 'present'
          ? wantedPrivs.filter(
              (one) => has(one) === undefined || (grant_option === true && has(one)?.grantable === false),
            )
          : []
      const lessen =
        state === 'present' && grant_option === false ? wantedPrivs.filter((one) => has(one)?.grantable === true) : []
      const option = rawSql(grant_option === true ? ' WITH GRANT OPTION' : '')
      const show = (list: readonly { privilege: string; grantable: boolean }[]) =>
        list.map(({ privilege, grantable }) => (grantable ? `${privilege}*` : privilege)).sort()
      const kept = mine.filter(({ privilege }) => !revoke.includes(privilege) && !grant.includes(privilege))
      return {
        key: `${role} on ${object.name}`,
        statements: [
          ...(grant.length > 0 ? [sql`GRANT ${words(grant)} ${on} TO ${who}${option}`] : []),
          ...(lessen.length > 0 ? [sql`REVOKE GRANT OPTION FOR ${words(lessen)} ${on} FROM ${who}`] : []),
          ...(revoke.length > 0 ? [sql`REVOKE ${words(revoke)} ${on} FROM ${who}`] : []),
        ],
        now: show(mine),
        then: show([
          ...kept.map((one) => ({ ...one, grantable: one.grantable && !lessen.includes(one.privilege) })),
          ...grant.map((privilege) => ({ privilege, grantable: grant_option === true })),
        ]),
      }
    }
  },
})

/** ALL as the privileges there are; a word that is none of them is an error. */
function expand(host: string, privs: readonly string[], object: AclObject): readonly string[] {
  const words = privs.map((word) => word.toUpperCase().trim()).map((word) => (word === 'TEMP' ? 'TEMPORARY' : word))
  if (words.some((word) => word === 'ALL' || word === 'ALL PRIVILEGES')) return object.all
  const unknown = words.find((word) => !object.all.includes(word))
  if (unknown === undefined) return words
  throw new HostwrightError(`there is no privilege "${unknown}" on ${object.name}${didYouMean(unknown, object.all)}`, {
    kind: 'input',
    host,
    next: `use ${object.all.join(', ')} or ALL`,
  })
}
