import { posix } from 'node:path'
import { change, defineModule, sh, Type, unchanged, withDefault } from '../lib/index.ts'
import { lookAsBarman } from '../lib/kit/barman/command.ts'
import { directoryOf, placeParams, serverParams, timeoutParam } from '../lib/kit/barman/params.ts'
import { switchWal } from '../lib/kit/barman/switch.ts'

/** The result of `barman_switch_wal`. */
export interface BarmanSwitchWalResult {
  /** Whether barman's archive holds any WAL of the server. */
  readonly archived: boolean
  /** The WAL file that was closed and archived; empty when nothing was to be done. */
  readonly wal: string
  /** What barman said. */
  readonly report: readonly string[]
}

/**
 * Brings the server's first WAL file into barman's archive, without which `barman check` fails and no backup is taken: `barman switch-wal --force --archive`.
 * Nothing to do once any WAL is there; that is looked up in its directory, barman is not started.
 *
 * On an idle server it runs an empty transaction (`SELECT txid_current()`) as the role of `conninfo`, because barman archives a streamed WAL file only when the
 * next one begins. Without psql on the host it just takes longer.
 *
 * barman's role needs EXECUTE on pg_switch_wal() and membership of pg_checkpoint (PostgreSQL 15 and later; barman 3.4 asks for a superuser, and is served without
 * the checkpoint when the role is none).
 *
 * Follows barman-switch-wal(1), https://docs.pgbarman.org
 *
 * @throws with barman's lines, and those that `barman check` says are not in order, when no WAL has arrived within the timeout.
 * @example
 * barman_switch_wal({ name: 'pg1' })
 */
export const barman_switch_wal = defineModule({
  name: 'barman_switch_wal',
  summary: "Brings a server's WAL into barman's archive.",
  params: {
    ...serverParams,
    force: withDefault(
      Type.Boolean({ description: 'Switch and archive a WAL file now, whatever is there. Then it always changes.' }),
      false,
    ),
    ...timeoutParam(120, 'How long the WAL may take to arrive.'),
    ...placeParams,
  },
  concurrent: true,
  examples: [
    { name: 'The first WAL', params: { name: 'pg1' } },
    { name: 'Everything written so far', params: { name: 'pg1', force: true } },
  ],
  plan: async (params, host) => {
    const wals = posix.join(directoryOf(params), 'wals')
    const { stdout } = await lookAsBarman(
      host,
      params,
      sh`find ${wals} -type f ! -name '*xlog.db*' ! -name '*.tmp' 2>/dev/null | head -n 1`,
    )
    const archived = stdout.trim() !== ''
    if (archived && !params.force) return unchanged<BarmanSwitchWalResult>({ archived, wal: '', report: [] })
    return change<BarmanSwitchWalResult>({
      diff: [
        {
          of: `WAL archive of ${params.name}`,
          before: { wal: archived ? 'some' : 'none' },
          after: { wal: archived ? 'all that was written' : 'the first' },
        },
      ],
      result: { archived: true, wal: '', report: [] },
      apply: (applied) => switchWal(applied, params, params.timeout),
    })
  },
})
