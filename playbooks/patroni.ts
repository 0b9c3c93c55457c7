/** A PostgreSQL cluster that chooses its leader itself: time and names from ns, etcd, Patroni, and HAProxy before it. */
import { main, play, playbook } from '../lib/index.ts'
import { debug } from '../modules/debug.ts'
import { etcd_info } from '../modules/etcd_info.ts'
import { patroni_config } from '../modules/patroni_config.ts'
import { patroni_info } from '../modules/patroni_info.ts'
import { asRoot, dynamicConfig, etcdEndpoints, restapi } from './variables/patroni-variables.ts'
import { nameServer, resolver } from './roles/bind9.ts'
import { chrony } from './roles/chrony.ts'
import { etcd } from './roles/etcd.ts'
import { haproxy } from './roles/haproxy.ts'
import { patroni } from './roles/patroni.ts'
import { patroniPicture } from './pictures/patroni-picture.ts'
import { pictureFile } from './pictures/picture-file.ts'
import { serverPackages } from './roles/server.ts'

export const names = play('Time and names', { hosts: 'ns', ...asRoot })
  .use(chrony)
  .use(nameServer)

export const clients = play('Follow ns', { hosts: 'patroni', ...asRoot })
  .use(chrony)
  .use(resolver)

export const store = play('etcd', { hosts: 'ns:patroni', ...asRoot }).use(etcd)

export const members = play('Patroni', { hosts: 'patroni', ...asRoot })
  .use(serverPackages)
  .task('etcd answers', (here) => etcd_info({ endpoints: etcdEndpoints(here), healthy: true }))
  .use(patroni)
  // Handed over when the cluster was made, and held to from then on. Whoever leads sees to it.
  .task(
    'What all members share',
    ({ vars, host, results }) =>
      results.cluster.leader === host &&
      patroni_config({ ...restapi(vars), settings: dynamicConfig(vars), restart: vars.patroni_restart }),
  )

export const proxy = play('HAProxy', { hosts: 'ns', ...asRoot }).use(haproxy)

export const report = play('What stands now', { hosts: 'patroni', ...asRoot })
  .task('Ask the members', ({ vars }) => patroni_info({ url: restapi(vars).url }), { run_once: true, register: 'now' })
  .task(
    'Report',
    ({ vars, soleHost, results: { now } }) =>
      debug({
        msg: [
          `cluster ${now.scope}, PostgreSQL ${vars.pg_version}: ${now.leader || 'nobody'} leads`,
          ...now.members.map(
            (member) =>
              `  ${member.name} at ${member.host}: ${member.role}, ${member.state}, timeline ${member.timeline ?? '?'}, ${member.lag ?? 0} bytes behind${member.pending_restart ? ', waits for a restart (patroni-restart)' : ''}`,
          ),
          `clients: ${soleHost('ns').vars.private_ip}:5000 writes, :5001 reads; statistics on :7000`,
        ].join('\n'),
      }),
    { run_once: true },
  )
  .pipe(pictureFile(({ results, ...here }) => patroniPicture(here, results.now), { run_once: true }))

/**
 * A PostgreSQL cluster that chooses its leader itself. The hosts of `patroni` are its members; `ns`, one host, has time, names, etcd and HAProxy. With
 * `etcd_group=patroni` etcd runs on the members. Variables: {@link patroniVariables}.
 *
 * @example
 * export { patroni as default } from 'hostwright/playbooks' // npx hostwright run patroni.ts -i hosts.yml
 */
const cluster = playbook('patroni', [names, clients, store, members, proxy, report])
export default cluster
await main(import.meta, cluster)
