/**
 * Synchronous replication: a master whose commits wait for standbys. Which server leads is asked of the servers; the inventory's `master` is only who leads on bare
 * hosts. `npx tsx playbooks/switchover.ts -e promote=pg2` gives the part to another.
 */
import { main, play, playbook } from '../lib/index.ts'
import { assert } from '../modules/assert.ts'
import { pg_basebackup } from '../modules/pg_basebackup.ts'
import { pg_cluster } from '../modules/pg_cluster.ts'
import { pg_conf } from '../modules/pg_conf.ts'
import { pg_restore } from '../modules/pg_restore.ts'
import { pg_slot } from '../modules/pg_slot.ts'
import { othersOf, synchronousNames } from './members.ts'
import { following, keepingNoWal, wayTo } from './roles/following.ts'
import { whoLeads } from './roles/leader.ts'
import { replicator } from './roles/replicator.ts'
import { whoFollowsWhom } from './roles/report.ts'
import { serverPackages, serverTuned } from './roles/server.ts'
import { cluster, slotOf, variables } from './variables.ts'

const onServers = { hosts: 'master:sync:async', become: true, vars: variables } as const

export const master = play('Master', onServers)
  .task('Enough standbys', ({ vars, host, ...here }) =>
    assert({
      that: { 'there are as many standbys as commits wait for': othersOf(here, host).length >= vars.sync_count },
      fail_msg: `sync_count is ${vars.sync_count}, and there are ${othersOf(here, host).length} standbys: no commit would ever end`,
    }),
  )
  .use(serverPackages)
  .use(whoLeads)
  .block(
    'Whoever leads',
    (block) =>
      block
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
        .task(
          'Restore the dump',
          ({ vars }) =>
            vars.dump !== undefined && pg_restore({ src: vars.dump, db: vars.dump_database, port: vars.pg_port }),
        )
        .use(replicator)
        .task('A slot for each standby', ({ vars, host, ...here }) =>
          othersOf(here, host).map(({ name }) =>
            pg_slot({ name: slotOf(name), immediately_reserve: true, port: vars.pg_port }),
          ),
        ),
    { when: ({ host, results }) => host === results.leader.name },
  )

export const standbys = play('Standbys', onServers)
  .use(whoLeads)
  .block(
    'Whoever follows',
    (block) =>
      block
        .task('Clone whoever leads', ({ vars, host, results }) =>
          pg_basebackup({ ...wayTo(results.leader.address, vars), slot: slotOf(host) }),
        )
        .use(serverTuned)
        .use(following)
        .use(keepingNoWal),
    { when: ({ host, results }) => host !== results.leader.name },
  )

/** Last, when the standbys are there: until then no commit has to wait. */
export const synchronous = play('Synchronous', onServers).task('Commits wait for standbys', ({ vars, host, ...here }) =>
  pg_conf({
    version: vars.pg_version,
    port: vars.pg_port,
    path: `/etc/postgresql/${vars.pg_version}/${cluster}/conf.d/synchronous.conf`,
    settings: { synchronous_commit: true, synchronous_standby_names: synchronousNames(here, host, vars) },
  }),
)

export const report = play('What stands now', onServers).use(whoFollowsWhom)

const sync = playbook('sync', [master, standbys, synchronous, report])
export default sync
await main(import.meta, sync)
