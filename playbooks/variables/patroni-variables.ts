import { optional, schema, secret, Type, withDefault, type Scope, type VarsOf } from '../../lib/index.ts'
import { pictureVariable, privateIp } from './variables.ts'

const value = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

/** The variables of the Patroni cluster's plays. Set them in the inventory, in group_vars/ and host_vars/ (vaulted, if you like), or with -e. */
export const variables = schema({
  private_ip: privateIp,
  dns_domain: withDefault(Type.String({ description: 'the domain of the hosts’ names' }), 'cluster.internal'),
  dns_forwarders: withDefault(Type.Array(Type.String(), { description: 'who is asked for other names' }), []),
  ntp_servers: withDefault(Type.Array(Type.String(), { description: 'where ns itself gets the time' }), []),
  etcd_group: withDefault(
    Type.String({
      description:
        'the group of hosts etcd runs on: one member on ns, or three (patroni), which outlive the loss of one',
    }),
    'ns',
  ),

  pg_version: withDefault(
    Type.String({ pattern: '^[0-9]+$', description: "PostgreSQL's major version, as the hosts' packages have it" }),
    '17',
  ),
  pg_port: withDefault(Type.Integer(), 5432),
  pg_settings: withDefault(Type.Record(Type.String(), value, { description: 'settings of all members' }), {}),
  pg_clients: withDefault(
    Type.Array(Type.String(), { description: 'networks that may connect past HAProxy: 10.1.0.0/16' }),
    [],
  ),
  superuser_password: secret({ description: 'of the role postgres; pg_rewind logs in with it' }),
  replication_user: withDefault(Type.String(), 'replicator'),
  replication_password: secret(),

  patroni_scope: withDefault(Type.String({ description: 'the name of the cluster' }), 'otus'),
  patroni_dcs: withDefault(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'more of the cluster’s dynamic configuration: ttl, loop_wait',
    }),
    {},
  ),
  patroni_restart: withDefault(
    Type.Boolean({ description: 'restart members, one by one, where a setting needs it' }),
    false,
  ),
  patroni_restapi_user: withDefault(Type.String(), 'patroni'),
  patroni_restapi_password: secret({ description: 'for what changes the cluster over its REST API' }),

  haproxy_stats_user: withDefault(Type.String(), 'admin'),
  haproxy_stats_password: secret(),

  picture: withDefault(pictureVariable, '.hostwright/patroni.mmd'),
  node: optional(Type.String({ description: 'the member that a day-two playbook is about' })),
  patroni_only_pending: withDefault(
    Type.Boolean({ description: 'restart only members whose settings wait for it (playbooks/patroni-restart.ts)' }),
    false,
  ),
})

export type Variables = VarsOf<typeof variables>
/** What a task here is given, as far as functions of this folder use it. */
export type Here = Scope<Variables, unknown>

export const apiPort = 8008
export const asRoot = { become: true, vars: variables } as const

/** The members of etcd. */
export const etcdHosts = ({ vars, group }: Pick<Here, 'vars' | 'group'>) => group(vars.etcd_group)

/** Where they listen for clients. */
export const etcdEndpoints = (here: Pick<Here, 'vars' | 'group'>) =>
  etcdHosts(here).map(({ vars }) => `http://${vars.private_ip}:2379`)

/** How to ask Patroni, on a member itself. */
export const restapi = (vars: Variables) => ({
  url: `http://127.0.0.1:${apiPort}`,
  username: vars.patroni_restapi_user,
  password: vars.patroni_restapi_password,
})

/**
 * What all members share, and Patroni keeps in etcd. It is handed over when the cluster is made, and held to by `patroni_config` from then on.
 */
export const dynamicConfig = (vars: Variables) => ({
  ttl: 30,
  loop_wait: 10,
  retry_timeout: 10,
  maximum_lag_on_failover: 1048576,
  ...vars.patroni_dcs,
  postgresql: {
    use_pg_rewind: true,
    use_slots: true,
    parameters: { max_connections: 100, ...vars.pg_settings },
  },
})
