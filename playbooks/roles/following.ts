import { role } from '../../lib/index.ts'
import { pg_query } from '../../modules/pg_query.ts'
import { pg_slot } from '../../modules/pg_slot.ts'
import { othersOf } from '../variables/members.ts'
import { barmanSlot, cluster, slotOf, variables, type Variables } from '../variables/variables.ts'

/** How a host's cluster reaches the one that leads, as the modules of standbys take it. */
export function wayTo(leader: string, vars: Variables) {
  return {
    version: vars.pg_version,
    name: cluster,
    cluster_port: vars.pg_port,
    host: leader,
    port: vars.pg_port,
    user: vars.replication_user,
    password: vars.replication_password,
  }
}

/** A standby streams. */
export const following = role({ vars: variables }, (chain) =>
  chain.task(
    'Streams from its primary',
    ({ vars }) =>
      pg_query({ query: "SELECT status FROM pg_stat_wal_receiver WHERE status = 'streaming'", port: vars.pg_port }),
    { until: (result) => result.rowcount === 1, retries: 60, delay: 1 },
  ),
)

/** A standby keeps WAL for nobody: slots of a time when it led itself would hold it for ever. */
export const keepingNoWal = role({ vars: variables }, (chain) =>
  chain
    .task(
      'Slots of a time when it led',
      ({ vars, host, ...here }) =>
        pg_query({
          query: 'SELECT slot_name FROM pg_replication_slots WHERE NOT active AND slot_name = ANY($1::text[])',
          positional_args: [[...othersOf(here, host).map(({ name }) => slotOf(name)), barmanSlot]],
          port: vars.pg_port,
        }),
      { register: 'kept' },
    )
    .task('A standby keeps WAL for nobody', ({ vars, results }) =>
      [...results.kept.rows].map((row) =>
        pg_slot({ name: String(row['slot_name']), state: 'absent', port: vars.pg_port }),
      ),
    ),
)
