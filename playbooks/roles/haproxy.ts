import { role } from '../../lib/index.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { template } from '../../modules/template.ts'
import { apiPort, variables, type Variables } from '../variables/patroni-variables.ts'
import { folder } from '../variables/variables.ts'

/**
 * Where clients connect: 5000 leads to whoever leads, 5001 to the replicas. Patroni itself says which is which.
 *
 * @param stays Which members HAProxy knows.
 */
export const haproxyTo = (stays: (name: string, vars: Variables) => boolean) =>
  role({ vars: variables, folder }, (chain) =>
    chain
      .handler('reload HAProxy', () => service({ name: 'haproxy', state: 'reloaded' }))
      .task('Install HAProxy', () => pkg({ name: 'haproxy', policy_rc_d: 101 }))
      .task(
        'Where it leads',
        ({ vars, group }) =>
          template({
            src: 'haproxy.cfg.ejs',
            dest: '/etc/haproxy/haproxy.cfg',
            owner: 'root',
            group: 'haproxy',
            mode: '0640',
            validate: 'haproxy -c -q -f %s',
            vars: {
              apiPort,
              statsUser: vars.haproxy_stats_user,
              statsPassword: vars.haproxy_stats_password,
              members: group('patroni')
                .filter(({ name }) => stays(name, vars))
                .map(({ name, vars: its }) => ({ name, ip: its.private_ip, port: its.pg_port })),
            },
          }),
        { notify: 'reload HAProxy' },
      )
      .task('Run HAProxy', () => service({ name: 'haproxy', state: 'started', enabled: true })),
  )

/** The same for all members. */
export const haproxy = haproxyTo(() => true)
