import type { PostgresReader } from '../../../host/postgres/postgres.ts'

/** How far the first copy of a table is. */
export interface TableSync {
  /** Its name, with its schema. */
  readonly table: string
  /** As the catalog has it: i waits for its copy, d is being copied, f is copied, s has caught up, r goes with the others. */
  readonly state: 'i' | 'd' | 'f' | 's' | 'r'
  /** While it is copied, from version 14 on. */
  readonly rows: number | null
  /** Likewise, in bytes. */
  readonly bytes: number | null
}

/** How far a subscription is. */
export interface SyncState {
  /** It takes changes. */
  readonly enabled: boolean
  /** Whether the worker that runs now has heard its publisher, and lasts: one that cannot apply what it is sent ends at once, and is started again. */
  readonly heard: boolean
  /** Its tables, sorted by name. */
  readonly tables: readonly TableSync[]
}

/** How far a subscription of the session's database is; undefined when there is none of this name. */
export async function readSyncState(server: PostgresReader, name: string): Promise<SyncState | undefined> {
  const copies = (await server.version()) >= 140000
  const progress = copies
    ? `LEFT JOIN pg_stat_progress_copy p ON p.relid = r.srrelid AND p.command = 'COPY FROM'`
    : 'LEFT JOIN (SELECT NULL::bigint AS tuples_processed, NULL::bigint AS bytes_processed) p ON true'
  const [row] = await server.query(
    `SELECT s.subenabled AS enabled,
       EXISTS (SELECT FROM pg_stat_subscription w JOIN pg_stat_activity a ON a.pid = w.pid WHERE w.subid = s.oid AND w.relid IS NULL
         AND w.last_msg_receipt_time IS NOT NULL AND a.backend_start < clock_timestamp() - interval '1 second') AS heard,
       (SELECT coalesce(json_agg(json_build_object('table', c.relname, 'state', r.srsubstate, 'rows', p.tuples_processed, 'bytes', p.bytes_processed) ORDER BY c.relname), '[]')
          FROM pg_subscription_rel r JOIN pg_class c ON c.oid = r.srrelid ${progress} WHERE r.srsubid = s.oid) AS tables
     FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid WHERE d.datname = current_database() AND s.subname = $1`,
    [name],
  )
  return row as unknown as SyncState | undefined
}

/** Has every table been copied, and does the worker follow its publisher? */
export function inSync({ enabled, heard, tables }: SyncState): boolean {
  return enabled && heard && tables.every(({ state }) => state === 'r')
}

const words = { i: 'waits', d: 'copies', f: 'copied', s: 'catches up', r: 'ready' } as const

/** One line: `test1 copies, 12000 rows, 3.4 MB; test2 ready`. */
export function showSync({ heard, tables }: SyncState): string {
  if (tables.length > 0 && tables.every(({ state }) => state === 'r'))
    return heard ? 'ready' : 'waits for its publisher'
  return tables
    .map(({ table, state, rows, bytes }) =>
      [
        `${table} ${words[state]}`,
        ...(rows === null ? [] : [`${rows} rows`]),
        ...(bytes === null ? [] : [megabytes(bytes)]),
      ].join(', '),
    )
    .join('; ')
}

function megabytes(bytes: number): string {
  return `${(bytes / 1024 ** 2).toFixed(1)} MB`
}
