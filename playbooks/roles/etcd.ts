import { role } from '../../lib/index.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { template } from '../../modules/template.ts'
import { etcdHosts, variables } from '../variables/patroni-variables.ts'
import { folder } from '../variables/variables.ts'

/** The store in which Patroni keeps who leads. Its members are started side by side: each waits for the others. */
export const etcd = role({ vars: variables, folder }, (chain) =>
  chain
    .handler('restart etcd', () => service({ name: 'etcd', state: 'restarted' }))
    .block(
      'etcd',
      (block) =>
        block
          .task('Install etcd', () => pkg({ name: ['etcd-server', 'etcd-client'], policy_rc_d: 101 }))
          .task(
            'Its members',
            (here) =>
              template({
                src: 'etcd.ejs',
                dest: '/etc/default/etcd',
                mode: '0644',
                vars: {
                  name: here.host,
                  ip: here.vars.private_ip,
                  token: here.vars.patroni_scope,
                  members: etcdHosts(here).map(({ name, vars }) => ({ name, ip: vars.private_ip })),
                },
              }),
            { notify: 'restart etcd' },
          )
          .task('Run etcd', () => service({ name: 'etcd', state: 'started', enabled: true })),
      { when: (here) => etcdHosts(here).some(({ name }) => name === here.host) },
    ),
)
