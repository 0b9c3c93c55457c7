import { defaults, role } from '../../lib/index.ts'
import { pg_query } from '../../modules/pg_query.ts'
import { pg_slot } from '../../modules/pg_slot.ts'
import { othersOf } from '../variables/members.ts'
import { barmanSlot, cluster, slotOf, variables, type ServerVariables, type Variables } from '../variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [defaults([pg_query, pg_slot], { port: vars.pg_port })]

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
export const following = role({ vars: variables, module_defaults: atPort }, (chain) =>
  chain.task(
    'Streams from its primary',
    () => pg_query({ query: "SELECT status FROM pg_stat_wal_receiver WHERE status = 'streaming'" }),
    { until: (result) => result.rowcount === 1, retries: 60, delay: 1 },
  ),
)

/** A standby keeps WAL for nobody: slots of a time when it led itself would hold it for ever. */
export const keepingNoWal = role({ vars: variables, module_defaults: atPort }, (chain) =>
  chain
    .task(
      'Slots of a time when it led',
      ({ host, ...here }) =>
        pg_query({
          query: 'SELECT slot_name FROM pg_replication_slots WHERE NOT active AND slot_name = ANY($1::text[])',
          positional_args: [[...othersOf(here, host).map(({ name }) => slotOf(name)), barmanSlot]],
        }),
      { register: 'kept' },
    )
    .task('A standby keeps WAL for nobody', ({ results }) =>
      [...results.kept.rows].map((row) => pg_slot({ name: String(row['slot_name']), state: 'absent' })),
    ),
)
