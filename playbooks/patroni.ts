/** A PostgreSQL cluster that chooses its leader itself: time and names from ns, etcd, Patroni, and HAProxy before it. */
import { main, play, playbook } from '../lib/index.ts'
import { pg_user } from '../modules/pg_user.ts'
import { asRoot } from './patroni-variables.ts'
import { nameServer, resolver } from './roles/bind9.ts'
import { chrony } from './roles/chrony.ts'
import { etcd } from './roles/etcd.ts'
import { haproxy } from './roles/haproxy.ts'
import { patroni } from './roles/patroni.ts'
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
  .use(patroni)
  // Passwords are given when the cluster is made, and held to from then on.
  .task(
    'Passwords of its roles',
    ({ vars, host, results }) =>
      results.cluster.leader === host && [
        pg_user({ name: 'postgres', password: vars.superuser_password, port: vars.pg_port }),
        pg_user({
          name: vars.replication_user,
          password: vars.replication_password,
          role_attr_flags: 'REPLICATION,LOGIN',
          port: vars.pg_port,
        }),
      ],
  )

export const proxy = play('HAProxy', { hosts: 'ns', ...asRoot }).use(haproxy)

const patroniPlaybook = playbook('patroni', [names, clients, store, members, proxy])
export default patroniPlaybook
await main(import.meta, patroniPlaybook)
