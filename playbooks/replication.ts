/**
 * Streaming replication: a primary, and replicas that each follow it over a physical slot of their own. Which server leads is asked of the servers; the inventory's
 * `primary` is only who leads on bare hosts. `npx tsx playbooks/switchover.ts -e promote=pg2` gives the part to another.
 */
import { main, play, playbook } from '../lib/index.ts'
import { pg_basebackup } from '../modules/pg_basebackup.ts'
import { pg_restore } from '../modules/pg_restore.ts'
import { pg_slot } from '../modules/pg_slot.ts'
import { othersOf } from './variables/members.ts'
import { following, keepingNoWal, wayTo } from './roles/following.ts'
import { follows, leads, whoLeads } from './roles/leader.ts'
import { replicator } from './roles/replicator.ts'
import { whoFollowsWhom } from './roles/report.ts'
import { clusterMade, serverPackages, serverTuned } from './roles/server.ts'
import { onServers, slotOf } from './variables/variables.ts'

export const primary = play('Primary', onServers)
  .use(serverPackages)
  .use(whoLeads)
  .block(
    'Whoever leads',
    (block) =>
      block
        .use(clusterMade)
        .use(serverTuned)
        .task(
          'Restore the dump',
          ({ vars }) =>
            vars.dump !== undefined && pg_restore({ src: vars.dump, db: vars.dump_database, port: vars.pg_port }),
        )
        .use(replicator)
        .task('A slot for each replica', ({ vars, host, ...here }) =>
          othersOf(here, host).map(({ name }) =>
            pg_slot({ name: slotOf(name), immediately_reserve: true, port: vars.pg_port }),
          ),
        ),
    { when: leads },
  )

export const replica = play('Replica', onServers)
  .use(whoLeads)
  .block(
    'Whoever follows',
    (block) =>
      block
        .task('Clone the primary', ({ vars, host, results }) =>
          pg_basebackup({ ...wayTo(results.leader.address, vars), slot: slotOf(host) }),
        )
        .use(serverTuned)
        .use(following)
        .use(keepingNoWal),
    { when: follows },
  )

export const report = play('What stands now', onServers).use(whoFollowsWhom)

const replication = playbook('replication', [primary, replica, report])
export default replication
await main(import.meta, replication)
