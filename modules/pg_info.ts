import { defineModule, listOf, optional, Type, unchanged, type PostgresReader, type Row } from '../lib/index.ts'
import { versionParts, type VersionParts } from '../lib/kit/postgres/cluster/version.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'

/** The result of `pg_info`. */
export interface PgInfoResult {
  /** The server's version. */
  readonly version?: VersionParts
  /** Whether it is a standby. */
  readonly in_recovery?: boolean
  /** Its databases, by name. */
  readonly databases?: Readonly<Record<string, Row>>
  /** Its roles, by name. */
  readonly roles?: Readonly<Record<string, Row>>
  /** Its tablespaces, by name. */
  readonly tablespaces?: Readonly<Record<string, Row>>
  /** By the process that sends. */
  readonly replications?: Readonly<Record<string, Row>>
  /** Its replication slots, by name. */
  readonly repl_slots?: Readonly<Record<string, Row>>
  /** Its settings, by name. */
  readonly settings?: Readonly<Record<string, Row>>
  /** The settings that wait for a restart. */
  readonly pending_restart_settings?: readonly string[]
}

/** Each part as one query whose rows have a `key`. */
const queries = {
  databases: `SELECT datname::text AS key, pg_get_userbyid(datdba)::text AS owner, pg_encoding_to_char(encoding) AS encoding, datcollate::text AS collate,
    datctype::text AS ctype, coalesce(array_to_string(datacl, E'\\n'), '') AS access_priv,
    CASE WHEN has_database_privilege(oid, 'CONNECT') THEN pg_database_size(oid)::text END AS size FROM pg_database WHERE datallowconn`,
  roles: `SELECT r.rolname::text AS key, r.rolcanlogin AS canlogin, r.rolsuper AS superuser, r.rolreplication AS replication, coalesce(r.rolvaliduntil::text, '') AS valid_until,
    ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS member_of FROM pg_roles r`,
  tablespaces: `SELECT spcname::text AS key, pg_get_userbyid(spcowner)::text AS spcowner, coalesce(array_to_string(spcacl, E'\\n'), '') AS spcacl,
    coalesce(spcoptions, '{}') AS spcoptions FROM pg_tablespace`,
  replications: `SELECT pid::text AS key, usename::text AS usename, coalesce(application_name, '') AS app_name, client_addr::text AS client_addr,
    coalesce(client_hostname, '') AS client_hostname, backend_start::text AS backend_start, state, sync_state, sent_lsn::text AS sent_lsn, replay_lsn::text AS replay_lsn
    FROM pg_stat_replication`,
  repl_slots: `SELECT slot_name::text AS key, plugin::text AS plugin, database::text AS database, slot_type, active, restart_lsn::text AS restart_lsn FROM pg_replication_slots`,
  settings: `SELECT name AS key, setting, unit, vartype, context, source, boot_val, min_val, max_val, sourcefile, sourceline, pending_restart FROM pg_settings`,
} as const

const parts = ['version', 'in_recovery', ...Object.keys(queries)] as readonly string[]

/**
 * What there is on a server. `filter` takes parts by name, with `*`; `!` before a name leaves it out.
 *
 * @see community.postgresql.postgresql_info
 */
export const pg_info = defineModule({
  name: 'pg_info',
  summary: 'What there is on a PostgreSQL server.',
  params: {
    filter: optional(listOf(Type.String(), { description: `Parts: ${parts.join(', ')}. Default: all.` })),
    ...loginParams,
  },
  examples: [{ name: 'Who streams from here?', params: { filter: ['in_recovery', 'repl*'] } }],
  reads: true,
  plan: async ({ filter, ...params }, host) => {
    const server = host.postgres(addressOf(params))
    const wanted = parts.filter(chosen(filter ?? []))
    const found = await Promise.all(wanted.map(async (part) => readPart(server, part)))
    return unchanged<PgInfoResult>(Object.assign({}, ...found))
  },
})

/** Names that are asked for go before names that are not wanted, as in community.postgresql. */
export function chosen(filter: readonly string[]): (part: string) => boolean {
  const pattern = (text: string) =>
    new RegExp(
      `^${text
        .replace(/[.+^${}()|[\]\\]/g, '\\$&')
        .replaceAll('*', '.*')
        .replaceAll('?', '.')}$`,
    )
  const include = filter.filter((text) => !text.startsWith('!')).map(pattern)
  const exclude = filter.filter((text) => text.startsWith('!')).map((text) => pattern(text.slice(1)))
  if (include.length > 0) return (part) => include.some((one) => one.test(part))
  return (part) => !exclude.some((one) => one.test(part))
}

async function readPart(server: PostgresReader, part: string): Promise<PgInfoResult> {
  if (part === 'version') {
    const [row] = await server.query<{ full: string; raw: string }>(
      `SELECT current_setting('server_version') AS full, version() AS raw`,
    )
    return { version: versionParts(await server.version(), row?.full ?? '', row?.raw ?? '') }
  }
  if (part === 'in_recovery') {
    const [row] = await server.query<{ recovery: boolean }>('SELECT pg_is_in_recovery() AS recovery')
    return { in_recovery: row?.recovery === true }
  }
  const rows = await server.query(queries[part as keyof typeof queries])
  const named = Object.fromEntries(rows.map(({ key, ...rest }) => [String(key), rest]))
  if (part !== 'settings') return { [part]: named }
  const pending = rows.filter((row) => row['pending_restart'] === true).map(({ key }) => String(key))
  return { settings: named, pending_restart_settings: pending }
}
