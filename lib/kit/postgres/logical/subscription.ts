import type { PostgresReader } from '../../../host/postgres/postgres.ts'
import type { Parameters } from '../sql/with-clause.ts'

/** A subscription as the server has it. */
export interface Subscription {
  /** The role that owns it. */
  readonly owner: string
  /** Its comment; null when there is none. */
  readonly comment: string | null
  /** It takes changes. */
  readonly enabled: boolean
  /** As libpq reads it; may hold a password that somebody else put there. */
  readonly conninfo: string
  /** Null: none. */
  readonly slot: string | null
  /** The names of the publications it follows. */
  readonly publications: readonly string[]
  /** The catalog's row, whose columns differ by version. */
  readonly row: Readonly<Record<string, unknown>>
  /** `schema.table`, quoted where SQL needs it. */
  readonly tables: readonly string[]
}

/** The subscription of this name in the session's database; undefined when there is none. Only superusers may read it. */
export async function readSubscription(server: PostgresReader, name: string): Promise<Subscription | undefined> {
  const [row] = await server.query(
    `SELECT pg_get_userbyid(s.subowner)::text AS owner, shobj_description(s.oid, 'pg_subscription') AS comment, s.subenabled AS enabled,
       s.subconninfo AS conninfo, s.subslotname::text AS slot, s.subpublications AS publications, to_jsonb(s) - 'subconninfo' AS row,
       ARRAY(SELECT format('%I.%I', n.nspname, c.relname) FROM pg_subscription_rel r JOIN pg_class c ON c.oid = r.srrelid
         JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.srsubid = s.oid ORDER BY 1) AS tables
     FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database() AND s.subname = $1`,
    [name],
  )
  return row as unknown as Subscription | undefined
}

/** What the publisher says of a subscription's other end. */
export interface Publisher {
  /** Undefined: there is no such slot. */
  readonly slot: { readonly active_pid: number | null; readonly lost: boolean } | undefined
  /** What the publications hold now. */
  readonly tables: readonly string[]
}

/** Asks a publisher for the slot and the tables of a subscription. */
export async function readPublisher(
  server: PostgresReader,
  slot: string,
  publications: readonly string[],
): Promise<Publisher> {
  const [row] = await server.query<{ slot: Publisher['slot'] | null; tables: readonly string[] }>(
    `SELECT (SELECT json_build_object('active_pid', active_pid, 'lost', coalesce(to_jsonb(s) ->> 'wal_status', '') = 'lost')
         FROM pg_replication_slots s WHERE slot_name = $1) AS slot,
       ARRAY(SELECT DISTINCT format('%I.%I', schemaname, tablename) FROM pg_publication_tables WHERE pubname = ANY ($2::text[])) AS tables`,
    [slot, publications],
  )
  return { slot: row?.slot ?? undefined, tables: row?.tables ?? [] }
}

/** Parameters of `subsparams` → columns of the catalog; the others count at creation only. */
const columns: Readonly<Record<string, string>> = {
  synchronous_commit: 'subsynccommit',
  binary: 'subbinary',
  streaming: 'substream',
  disable_on_error: 'subdisableonerr',
  password_required: 'subpasswordrequired',
  run_as_owner: 'subrunasowner',
  origin: 'suborigin',
  failover: 'subfailover',
}

/** The value that a subscription has of a parameter; undefined: it cannot be changed, or the server does not know it. */
export function parameterOf({ row, enabled, slot }: Subscription, name: string): Parameters[string] | undefined {
  if (name === 'enabled') return enabled
  if (name === 'slot_name') return slot ?? 'none'
  const value = row[columns[name] ?? '']
  if (value === undefined || value === null) return undefined
  return name === 'streaming' && value === 'p' ? 'parallel' : String(value)
}

/** A connection string without the password that may stand in it. */
export function withoutPassword(conninfo: string): string {
  return conninfo
    .replace(/\b((?:ssl)?password\s*=\s*)('(?:[^'\\]|\\.)*'|\S+)/gi, '$1********')
    .replace(/(:\/\/[^:@/]*:)[^@]*@/, '$1********@')
}
