import { role } from '../../lib/index.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { template } from '../../modules/template.ts'
import { variables } from '../variables/patroni-variables.ts'
import { folder } from '../variables/variables.ts'

/** Time: ns serves it, even when it has nobody to ask itself; the others follow ns. */
export const chrony = role({ vars: variables, folder }, (chain) =>
  chain
    .handler('restart chrony', () => service({ name: 'chrony', state: 'restarted' }))
    .task('Install chrony', () => pkg({ name: 'chrony', policy_rc_d: 101 }))
    .task(
      'Where the time comes from',
      ({ vars, host, soleHost, group }) =>
        template({
          src: 'chrony.conf.ejs',
          dest: '/etc/chrony/chrony.conf',
          mode: '0644',
          validate: 'chronyd -p -f %s >/dev/null',
          vars:
            soleHost('ns').name === host
              ? { servers: vars.ntp_servers, clients: group('patroni').map((client) => client.vars.private_ip) }
              : { servers: [soleHost('ns').vars.private_ip], clients: [] },
        }),
      { notify: 'restart chrony' },
    )
    .task('Run chrony', () => service({ name: 'chrony', state: 'started', enabled: true })),
)
