import { defineModule, optional, Type, unchanged, Unreadable, withDefault, type HostReader } from '../lib/index.ts'
import { inSync, readSyncState, showSync, type SyncState } from '../lib/kit/postgres/logical/sync-state.ts'
import { logFileOf, logFrom, workerTroubles } from '../lib/kit/postgres/logical/worker-log.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { until } from '../lib/kit/wait/until.ts'

/** The result of `pg_subscription_ready`. */
export interface PgSubscriptionReadyResult {
  /** The subscription. */
  readonly name: string
  /** The tables it keeps up. */
  readonly tables: readonly string[]
  /** Seconds waited. */
  readonly elapsed: number
}

/** So many errors of its workers in a row are no accident: the server starts them again every few seconds. */
const patience = 3

/**
 * Waits until a subscription keeps up: all tables are copied, and its worker hears from the publisher. The run shows how many rows and bytes each table has got
 * so far.
 *
 * @throws with the reason from the server's log, when its workers fail again and again, when it is disabled, or when the time is up.
 * @example
 * pg_subscription_ready({ name: 'subs_test1', db: 'repl', timeout: 86400 })
 * @see https://www.postgresql.org/docs/current/catalog-pg-subscription-rel.html
 */
export const pg_subscription_ready = defineModule({
  name: 'pg_subscription_ready',
  summary: 'Waits until a subscription has copied its tables and keeps up.',
  params: {
    name: Type.String({ minLength: 1, description: 'The subscription.' }),
    timeout: withDefault(Type.Integer({ minimum: 0, description: 'Seconds until it is given up.' }), 3600),
    sleep: withDefault(Type.Number({ exclusiveMinimum: 0, description: 'Seconds between looks.' }), 0.5),
    log: optional(
      Type.String({ pattern: '^/', description: 'The server’s log. Default: its own, or where Debian has it.' }),
    ),
    ...loginParams,
  },
  examples: [{ name: 'A long first copy', params: { name: 'subs_test1', db: 'repl', timeout: 86400 } }],
  reads: true,
  waits: true,
  plan: async (params, host) => {
    const { name, timeout, sleep } = params
    const server = host.postgres(addressOf(params))
    const first = await readSyncState(server, name)
    if (first === undefined)
      throw new Unreadable(`there is no subscription ${name}`, 'database', {
        host: host.name,
        next: 'create it first (pg_subscription), or correct the name or the database',
      })
    if (inSync(first)) return unchanged<PgSubscriptionReadyResult>({ name, tables: tablesOf(first), elapsed: 0 })
    const log = logReader(host, params.log ?? (await logFileOf(server)))
    let now = first
    let troubles: readonly string[] = []
    const { found, elapsed } = await until(
      async () => {
        ;[now, troubles] = await Promise.all([
          readSyncState(server, name).then((state) => state ?? now),
          log().then((text) => workerTroubles(text, name)),
        ])
        host.progress(`${name}: ${[showSync(now), ...troubles.slice(-1)].join('; ')}`)
        return inSync(now) || !now.enabled || troubles.length >= patience ? now : undefined
      },
      { delay: 0, sleep, timeout },
    )
    if (inSync(now)) return unchanged<PgSubscriptionReadyResult>({ name, tables: tablesOf(now), elapsed })
    const why = troubles.at(-1) ?? showSync(now)
    throw new Unreadable(
      !now.enabled
        ? `subscription ${name} is disabled${troubles.length === 0 ? '' : `: ${why}`}`
        : `subscription ${name} ${found === undefined ? `is not ready after ${timeout} s` : 'cannot go on'}: ${why}`,
      'database',
      {
        host: host.name,
        data: { tables: now.tables, log: troubles },
        next: now.enabled
          ? 'see the reason above; the server tries again by itself once it is mended'
          : 'enable it: pg_subscription with subsparams: { enabled: true }',
      },
    )
  },
})

function tablesOf({ tables }: SyncState): readonly string[] {
  return tables.map(({ table }) => table)
}

function logReader(host: HostReader, path: string | undefined): () => Promise<string> {
  return path === undefined ? () => Promise.resolve('') : logFrom(host, path).news
}
