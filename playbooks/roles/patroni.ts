import { defaults, encode, role } from '../../lib/index.ts'
import { command } from '../../modules/command.ts'
import { patroni_info } from '../../modules/patroni_info.ts'
import { pg_user } from '../../modules/pg_user.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { template } from '../../modules/template.ts'
import { apiPort, dynamicConfig, etcdHosts, restapi, type Here, variables } from '../variables/patroni-variables.ts'
import type { ServerVariables } from '../variables/variables.ts'
import { folder } from '../variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [defaults([pg_user], { port: vars.pg_port })]

/** Everybody who may connect, and how: the same on all members, since any may lead. */
function accessRules({ vars, group }: Pick<Here, 'vars' | 'group'>): readonly string[] {
  const members = group('patroni').map((member) => `${member.vars.private_ip}/32`)
  const clients = [...group('ns').map((proxy) => `${proxy.vars.private_ip}/32`), ...vars.pg_clients]
  return [
    'local all all peer',
    'host all all 127.0.0.1/32 scram-sha-256',
    'host all all ::1/128 scram-sha-256',
    // Before a former leader follows, its own Patroni asks it over the replication protocol how far it got, to see whether to rewind it.
    ...['127.0.0.1/32', '::1/128', ...members].map(
      (address) =>
        `host replication ${encode.pgHba(vars.replication_user)} ${encode.pgHbaAddress(address)} scram-sha-256`,
    ),
    ...members.map((address) => `host all postgres ${encode.pgHbaAddress(address)} scram-sha-256`),
    ...clients.map((address) => `host all all ${encode.pgHbaAddress(address)} scram-sha-256`),
  ]
}

/**
 * Whatever speaks against a configuration keeps it from being put in place, but ports that the member itself has open, an etcd that is away for the moment, and
 * two keys that Patroni 3.0 takes for required.
 */
const forgiven = 'already in use|is not reachable|(bootstrap[.]pg_hba|authentication[.]rewind) +is not defined'
const validate = `o=$(patroni --validate-config %s 2>&1) || ! echo "$o" | grep -vE '${forgiven}' | grep .`

/** A member of the cluster, running. Which of them leads is theirs to say. */
export const patroni = role({ vars: variables, folder, module_defaults: atPort }, (chain) =>
  chain
    .task('Install Patroni', () => pkg({ name: ['patroni', 'python3-etcd'], policy_rc_d: 101 }))
    .task('Does it run already?', () => command({ argv: ['systemctl', 'is-active', 'patroni'], changes: false }), {
      failed_when: () => false,
      changed_when: () => false,
      register: 'unit',
    })
    // A Patroni that is only just starting would die of the signal that makes it read its file again.
    .handler(
      'reload Patroni',
      ({ results }) => results.unit.rc === 0 && service({ name: 'patroni', state: 'reloaded' }),
    )
    .task(
      'What it is to be',
      (here) => {
        const { vars, host } = here
        return template({
          src: 'patroni.yml.ejs',
          dest: '/etc/patroni/config.yml',
          owner: 'postgres',
          group: 'postgres',
          mode: '0600',
          validate,
          vars: {
            name: host,
            apiPort,
            etcd: etcdHosts(here).map((member) => `${member.vars.private_ip}:2379`),
            dynamic: dynamicConfig(vars),
            access: accessRules(here),
            restapiPassword: vars.patroni_restapi_password,
            replicationPassword: vars.replication_password,
            superuserPassword: vars.superuser_password,
          },
        })
      },
      { notify: 'reload Patroni' },
    )
    .task('Run Patroni', () => service({ name: 'patroni', state: 'started', enabled: true }))
    .flushHandlers()
    // Both were given when the cluster was made, and are held to from then on, by whoever leads, before the others are waited for.
    .task('Who leads', ({ vars }) => patroni_info({ url: restapi(vars).url }), { register: 'seen' })
    .task(
      'Passwords of its roles',
      ({ vars, host, results }) =>
        results.seen.leader === host && [
          pg_user({ name: 'postgres', password: vars.superuser_password }),
          pg_user({
            name: vars.replication_user,
            password: vars.replication_password,
            role_attr_flags: 'REPLICATION,LOGIN',
          }),
        ],
    )
    .task(
      'It is a member that runs',
      ({ vars, host }) => patroni_info({ url: restapi(vars).url, ready: host, timeout: 600 }),
      { register: 'cluster' },
    ),
)
