import { role } from '../../lib/index.ts'
import { bind_zone } from '../../modules/bind_zone.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { template } from '../../modules/template.ts'
import { variables, type Here } from '../variables/patroni-variables.ts'
import { folder } from '../variables/variables.ts'

interface Zone {
  readonly name: string
  readonly file: string
  readonly records: readonly { readonly name: string; readonly type: 'A' | 'PTR'; readonly value: string }[]
}

/** The hosts' names, and for each network of 256 addresses the way back. */
export function zones({ vars, group }: Pick<Here, 'vars' | 'group'>): readonly Zone[] {
  const hosts = [...group('ns'), ...group('patroni')].map(({ name, vars: its }) => ({
    name,
    bytes: its.private_ip.split('.'),
    address: its.private_ip,
  }))
  const networks = [...new Set(hosts.map(({ bytes }) => bytes.slice(0, 3).reverse().join('.')))]
  const file = (name: string) => `/etc/bind/db.${name}`
  return [
    {
      name: vars.dns_domain,
      file: file(vars.dns_domain),
      records: hosts.map(({ name, address }) => ({ name, type: 'A', value: address })),
    },
    ...networks.map((network) => ({
      name: `${network}.in-addr.arpa`,
      file: file(`${network}.in-addr.arpa`),
      records: hosts
        .filter(({ bytes }) => bytes.slice(0, 3).reverse().join('.') === network)
        .map(({ name, bytes }) => ({
          name: bytes[3] ?? '',
          type: 'PTR' as const,
          value: `${name}.${vars.dns_domain}.`,
        })),
    })),
  ]
}

/** Names: ns answers for the domain and for its addresses. Each file is judged by named's own tools before it takes its place. */
export const nameServer = role({ vars: variables, folder }, (chain) =>
  chain
    .handler('reload named', () => service({ name: 'named', state: 'reloaded' }))
    .task('Install bind', () => pkg({ name: ['bind9', 'bind9-utils'], policy_rc_d: 101 }))
    .task(
      'Zones',
      (here) =>
        zones(here).map((zone) =>
          bind_zone({
            name: zone.name,
            path: zone.file,
            name_server: `${here.soleHost('ns').name}.${here.vars.dns_domain}.`,
            records: zone.records,
          }),
        ),
      { notify: 'reload named' },
    )
    .task(
      'Whom it answers',
      ({ vars, group }) =>
        template({
          src: 'named.conf.options.ejs',
          dest: '/etc/bind/named.conf.options',
          owner: 'root',
          group: 'bind',
          mode: '0644',
          validate: 'named-checkconf %s',
          vars: {
            forwarders: vars.dns_forwarders,
            clients: [...group('ns'), ...group('patroni')].map((client) => client.vars.private_ip),
          },
        }),
      { notify: 'reload named' },
    )
    .task(
      'What it answers for',
      (here) =>
        template({
          src: 'named.conf.local.ejs',
          dest: '/etc/bind/named.conf.local',
          owner: 'root',
          group: 'bind',
          mode: '0644',
          validate: 'named-checkconf -z %s',
          vars: { zones: zones(here) },
        }),
      { notify: 'reload named' },
    )
    .task('Run bind', () => service({ name: 'named', state: 'started', enabled: true })),
)

/** The others ask ns. */
export const resolver = role({ vars: variables, folder }, (chain) =>
  chain.task('Ask ns for names', ({ vars, soleHost }) =>
    template({
      src: 'resolv.conf.ejs',
      dest: '/etc/resolv.conf',
      mode: '0644',
      vars: { domain: vars.dns_domain, servers: [soleHost('ns').vars.private_ip] },
    }),
  ),
)
