/** Streaming replication: a primary, and replicas that each follow it over a physical slot of their own. */
import { main, play, playbook } from '../lib/index.ts'
import { debug } from '../modules/debug.ts'
import { pg_basebackup } from '../modules/pg_basebackup.ts'
import { pg_cluster } from '../modules/pg_cluster.ts'
import { pg_query } from '../modules/pg_query.ts'
import { pg_slot } from '../modules/pg_slot.ts'
import { replicator } from './roles/replicator.ts'
import { serverPackages, serverTuned } from './roles/server.ts'
import { cluster, slotOf, variables } from './variables.ts'

const asRoot = { become: true, vars: variables } as const

export const primary = play('Primary', { hosts: 'primary', ...asRoot })
  .use(serverPackages)
  .task('Create the cluster', ({ vars }) =>
    pg_cluster({
      version: vars.pg_version,
      name: cluster,
      port: vars.pg_port,
      locale: 'C.UTF-8',
      encoding: 'UTF8',
      data_checksums: true,
    }),
  )
  .use(serverTuned)
  .use(replicator)
  .task('A slot for each replica', ({ vars, group }) =>
    group('replica').map((replica) =>
      pg_slot({ name: slotOf(replica.name), immediately_reserve: true, port: vars.pg_port }),
    ),
  )

export const replica = play('Replica', { hosts: 'replica', ...asRoot })
  .use(serverPackages)
  .task('Clone the primary', ({ vars, host, soleHost }) =>
    pg_basebackup({
      version: vars.pg_version,
      name: cluster,
      cluster_port: vars.pg_port,
      host: soleHost('primary').vars.private_ip,
      port: soleHost('primary').vars.pg_port,
      user: vars.replication_user,
      password: vars.replication_password,
      slot: slotOf(host),
    }),
  )
  .use(serverTuned)
  .task(
    'Streams from its primary',
    ({ vars }) =>
      pg_query({ query: "SELECT status FROM pg_stat_wal_receiver WHERE status = 'streaming'", port: vars.pg_port }),
    { until: (result) => result.rowcount === 1, retries: 60, delay: 1 },
  )

export const report = play('What stands now', { hosts: 'primary', ...asRoot })
  .register('standbys', 'Ask the primary', ({ vars }) =>
    pg_query({
      query: `SELECT s.slot_name AS slot, s.active, r.application_name AS name, host(r.client_addr) AS address, r.state, r.sync_state,
          pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)::bigint AS lag
        FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid ORDER BY s.slot_name`,
      port: vars.pg_port,
    }),
  )
  .task('Report', ({ vars, host, results }) =>
    debug({
      msg: [
        `${host} (${vars.private_ip}): primary, PostgreSQL ${vars.pg_version}, port ${vars.pg_port}`,
        ...results.standbys.rows.map(
          (row) =>
            `  slot ${String(row['slot'])}: ${row['active'] === true ? `${String(row['name'])} at ${String(row['address'])}, ${String(row['state'])}, ${String(row['sync_state'])}, ${String(row['lag'] ?? 0)} bytes behind` : 'nobody streams from it'}`,
        ),
      ].join('\n'),
    }),
  )

const replication = playbook('replication', [primary, replica, report])
export default replication
await main(import.meta, replication)
