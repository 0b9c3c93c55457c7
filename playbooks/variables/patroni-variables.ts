import { optional, schema, secret, Type, withDefault, type Scope, type VarsOf } from '../../lib/index.ts'
import { pictureVariable, setting, variables as shared } from './variables.ts'

const { pg_version, pg_port, private_ip, replication_user, replication_password } = shared.properties

/** The variables of the Patroni cluster's plays. Set them in the inventory, in group_vars/ and host_vars/ (vaulted, if you like), or with -e. */
export const variables = schema({
  private_ip,
  dns_domain: withDefault(Type.String({ description: 'the domain of the hosts’ names' }), 'cluster.internal'),
  dns_forwarders: withDefault(
    Type.Array(Type.String(), { description: 'addresses of the name servers that are asked for other names' }),
    [],
  ),
  ntp_servers: withDefault(
    Type.Array(Type.String(), { description: 'names or addresses of the time servers that ns itself follows' }),
    [],
  ),
  etcd_group: withDefault(
    Type.String({
      description: 'the group of hosts that etcd runs on: `ns`, or `patroni`, which outlives the loss of one of three',
    }),
    'ns',
  ),

  ...{ pg_version, pg_port },
  pg_settings: withDefault(
    Type.Record(Type.String(), setting, {
      description: 'settings of PostgreSQL, the same on all members: `{ work_mem: 64MB }`',
    }),
    {},
  ),
  pg_clients: withDefault(
    Type.Array(Type.String(), {
      description: 'networks that may connect to the members themselves, past HAProxy: `[10.1.0.0/16]`',
    }),
    [],
  ),
  superuser_password: secret({ description: 'the password of the role postgres, which pg_rewind logs in as' }),
  ...{ replication_user, replication_password },

  patroni_scope: withDefault(Type.String({ description: 'the name of the cluster' }), 'otus'),
  patroni_dcs: withDefault(
    Type.Record(Type.String(), Type.Unknown(), {
      description: 'more of the cluster’s dynamic configuration, in Patroni’s words and units: `{ ttl: 30 }`',
    }),
    {},
  ),
  patroni_restart: withDefault(
    Type.Boolean({ description: 'restart members, one by one, where a setting needs it' }),
    false,
  ),
  patroni_restapi_user: withDefault(
    Type.String({ description: 'the login for what changes the cluster over Patroni’s REST API' }),
    'patroni',
  ),
  patroni_restapi_password: secret({ description: 'the password of the login `patroni_restapi_user`' }),

  haproxy_stats_user: withDefault(Type.String({ description: 'the login for HAProxy’s page of statistics' }), 'admin'),
  haproxy_stats_password: secret({ description: 'the password of the login `haproxy_stats_user`' }),

  picture: withDefault(pictureVariable, '.hostwright/patroni.mmd'),
  node: optional(
    Type.String({
      description: 'the member that patroni-add-node, patroni-remove-node and patroni-switchover are about',
    }),
  ),
  patroni_only_pending: withDefault(
    Type.Boolean({ description: 'the playbook patroni-restart restarts only members whose settings wait for it' }),
    false,
  ),
})

/** The variables of the Patroni cluster, as tasks read them. */
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
