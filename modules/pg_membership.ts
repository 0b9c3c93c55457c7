import { choice, defineModule, listOf, optional, Type, withDefault } from '../lib/index.ts'
import { statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, rawSql, sql, type Sql } from '../lib/kit/postgres/sql/sql.ts'

/** The result of `pg_membership`. */
export interface PgMembershipResult {
  /** Whether they are members. */
  readonly state: 'present' | 'absent' | 'exact'
  /** Group → roles that became its members. */
  readonly granted: Readonly<Record<string, readonly string[]>>
  /** Group → roles that were members. */
  readonly revoked: Readonly<Record<string, readonly string[]>>
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
}

interface Membership {
  readonly group: string
  readonly role: string
  readonly admin: boolean
}

/**
 * Roles as members of groups (other roles). A role or group that does not exist is the server's error, unless `fail_on_role` is false: then it is passed over.
 *
 * @see community.postgresql.postgresql_membership
 */
export const pg_membership = defineModule({
  name: 'pg_membership',
  summary: 'Membership of PostgreSQL roles in groups.',
  params: {
    groups: listOf(Type.String(), { description: 'The groups.' }),
    target_roles: listOf(Type.String(), { description: 'The members.' }),
    state: withDefault(
      choice(['present', 'absent', 'exact'], { description: 'exact: members of these groups and of no other.' }),
      'present',
    ),
    admin_option: optional(
      Type.Boolean({ description: 'Whether the members may grant the group to others; left as it is by default.' }),
    ),
    fail_on_role: withDefault(Type.Boolean({ description: 'Whether a missing role or group is an error.' }), true),
    ...loginParams,
  },
  examples: [
    {
      name: 'What barman needs to see',
      params: { groups: ['pg_read_all_settings', 'pg_read_all_stats', 'pg_checkpoint'], target_roles: ['barman'] },
    },
  ],
  plan: async (wanted, host) => {
    const { groups, target_roles: roles, state, admin_option: admin } = wanted
    const address = addressOf(wanted)
    const server = host.postgres(address)
    const [members, known] = await Promise.all([
      server.query(
        `SELECT g.rolname::text AS "group", m.rolname::text AS role, bool_or(a.admin_option) AS admin FROM pg_auth_members a
           JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member WHERE m.rolname = ANY($1::text[]) GROUP BY 1, 2`,
        [roles],
      ) as Promise<readonly unknown[]> as Promise<readonly Membership[]>,
      server.query<{ name: string }>('SELECT rolname::text AS name FROM pg_roles WHERE rolname = ANY($1::text[])', [
        [...groups, ...roles],
      ]),
    ])
    const names = new Set(known.map(({ name }) => name))
    const counts = (name: string) => wanted.fail_on_role || names.has(name)
    const pairs = groups.filter(counts).flatMap((group) => roles.filter(counts).map((role) => ({ group, role })))
    const now = (pair: { group: string; role: string }) =>
      members.find((one) => one.group === pair.group && one.role === pair.role)

    const missing = state === 'absent' ? [] : pairs.filter((pair) => now(pair) === undefined)
    const otherwise =
      state === 'absent' || admin === undefined ? [] : pairs.filter((pair) => (now(pair)?.admin ?? admin) !== admin)
    const surplus =
      state === 'absent'
        ? pairs.filter((pair) => now(pair) !== undefined)
        : state === 'exact'
          ? members.filter(({ group }) => !groups.includes(group))
          : []
    const withAdmin = rawSql(admin === true ? ' WITH ADMIN OPTION' : '')
    const statements: Sql[] = [
      ...missing.map(({ group, role }) => sql`GRANT ${ident(group)} TO ${ident(role)}${withAdmin}`),
      ...otherwise.map(({ group, role }) =>
        admin === true
          ? sql`GRANT ${ident(group)} TO ${ident(role)} WITH ADMIN OPTION`
          : sql`REVOKE ADMIN OPTION FOR ${ident(group)} FROM ${ident(role)}`,
      ),
      ...surplus.map(({ group, role }) => sql`REVOKE ${ident(group)} FROM ${ident(role)}`),
    ]
    const groupsOf = (role: string) => members.filter((one) => one.role === role).map(({ group }) => group)
    const groupsThen = (role: string) =>
      [...groupsOf(role), ...missing.filter((one) => one.role === role).map(({ group }) => group)].filter(
        (group) => !surplus.some((one) => one.role === role && one.group === group),
      )
    const list = (of: (role: string) => readonly string[]) =>
      Object.fromEntries(roles.map((role) => [role, [...of(role)].sort()]))
    return statementPlan<PgMembershipResult>(server, {
      ...{ address, of: `members of ${groups.join(', ')}`, statements },
      before: { ...list(groupsOf), ...adminWords(otherwise, admin === false) },
      after: { ...list(groupsThen), ...adminWords(otherwise, admin === true) },
      result: { state, granted: byGroup(missing), revoked: byGroup(surplus) },
    })
  },
})

function adminWords(pairs: readonly { group: string; role: string }[], admin: boolean): Record<string, boolean> {
  return Object.fromEntries(pairs.map(({ group, role }) => [`${role} may grant ${group}`, admin]))
}

function byGroup(pairs: readonly { group: string; role: string }[]): Record<string, readonly string[]> {
  const groups = [...new Set(pairs.map(({ group }) => group))]
  return Object.fromEntries(
    groups.map((group) => [group, pairs.filter((one) => one.group === group).map(({ role }) => role)]),
  )
}
