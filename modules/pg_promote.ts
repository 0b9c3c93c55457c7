import { setTimeout as sleep } from 'node:timers/promises'
import {
  change,
  defineModule,
  HostwrightError,
  sh,
  Type,
  unchanged,
  withDefault,
  type PostgresWriter,
} from '../lib/index.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'

/** The result of `pg_promote`. */
export interface PgPromoteResult {
  /** Whether it still follows another server. */
  readonly in_recovery: boolean
}

/**
 * Makes a standby a primary, and waits until it takes writes. Nothing to do for a server that is one.
 *
 * See that the old primary is stopped or cut off first: two primaries part for good.
 *
 * @see https://www.postgresql.org/docs/current/functions-admin.html (pg_promote)
 */
export const pg_promote = defineModule({
  name: 'pg_promote',
  summary: 'Makes a PostgreSQL standby the primary.',
  params: {
    wait: withDefault(Type.Boolean({ description: 'Wait until it takes writes.' }), true),
    wait_seconds: withDefault(Type.Integer({ minimum: 1, description: 'How long to wait.' }), 60),
    ...loginParams,
  },
  examples: [{ name: 'Take over', params: {} }],
  plan: async ({ wait, wait_seconds: seconds, ...params }, host) => {
    const address = addressOf(params)
    const server = host.postgres(address)
    const [row] = await server.query<{ recovery: boolean; data: string }>(
      `SELECT pg_is_in_recovery() AS recovery, current_setting('data_directory') AS data`,
    )
    if (row?.recovery !== true || server.promised(promotion)) return unchanged<PgPromoteResult>({ in_recovery: false })
    return change<PgPromoteResult>({
      diff: [{ of: `server at ${server.server}`, before: { role: 'standby' }, after: { role: 'primary' } }],
      result: { in_recovery: !wait },
      apply: async (applied) => {
        const effect = { kind: 'database', name: 'promotion' } as const
        const writer = applied.postgres(address)
        if ((await writer.version()) >= 120000) await writer.execute(promotion, undefined, effect)
        else
          await applied.run(
            sh`touch ${`${row.data}/promote`} && kill -USR1 "$(head -n 1 ${`${row.data}/postmaster.pid`})"`,
            { effect, as: address.user ?? 'postgres' },
          )
        if (wait) await promoted(writer, host.name, seconds)
      },
    })
  },
})

const promotion = 'SELECT pg_promote(false)'
const asked = 'SELECT pg_is_in_recovery() AS recovery'

/** A simulated server gives no rows: nothing to wait for. */
async function promoted(server: PostgresWriter, host: string, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const [row] = await server.execute<{ recovery: boolean }>(asked, undefined, { kind: 'database', name: 'promotion' })
    if (row?.recovery !== true) return
    if (Date.now() > end)
      throw new HostwrightError(`the standby was told to become primary, and has not within ${seconds} seconds`, {
        host,
        next: 'read its log (/var/log/postgresql); it may still be replaying WAL, or replay may be paused (pg_wal_replay_resume())',
      })
    await sleep(100)
  }
}
