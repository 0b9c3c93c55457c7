/**
 * Streaming replication: a primary, and replicas that each follow it over a physical slot of their own. Which server leads is asked of the servers; the inventory's
 * `primary` is only who leads on bare hosts. `npx tsx playbooks/switchover.ts -e promote=pg2` gives the part to another.
 */
import { defaults, main, play, playbook } from '../lib/index.ts'
import { pg_basebackup } from '../modules/pg_basebackup.ts'
import { pg_restore } from '../modules/pg_restore.ts'
import { pg_slot } from '../modules/pg_slot.ts'
import { othersOf } from './variables/members.ts'
import { following, keepingNoWal, wayTo } from './roles/following.ts'
import { follows, leads, whoLeads } from './roles/leader.ts'
import { replicator } from './roles/replicator.ts'
import { whoFollowsWhom } from './roles/report.ts'
import { clusterMade, serverPackages, serverTuned } from './roles/server.ts'
import { onServers, slotOf, type ServerVariables } from './variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [
  defaults([pg_restore, pg_slot], { port: vars.pg_port }),
]

export const primary = play('Primary', { ...onServers, module_defaults: atPort })
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
          ({ vars }) => vars.dump !== undefined && pg_restore({ src: vars.dump, db: vars.dump_database }),
        )
        .use(replicator)
        .task('A slot for each replica', ({ host, ...here }) =>
          othersOf(here, host).map(({ name }) => pg_slot({ name: slotOf(name), immediately_reserve: true })),
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

/**
 * Streaming replication: `primary`, one host, and the hosts of `replica`, which each follow it over a physical slot of their own. Once the cluster exists, the
 * servers are asked which of them leads. Variables: {@link replicationVariables}.
 *
 * @example
 * export { replication as default } from 'hostwright/playbooks' // npx hostwright run pair.ts -i hosts.yml
 */
const replication = playbook('replication', [primary, replica, report])
export default replication
await main(import.meta, replication)
