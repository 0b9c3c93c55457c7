import { choice, optional, schema, secret, Type, withDefault, type Scope, type VarsOf } from '../../lib/index.ts'

/** Rules of pg_hba.conf and zones are made of it, as one address and not more. */
export const privateIp = Type.String({
  pattern: '^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.|$)){4}(?<!\\.)$',
  description: 'the IPv4 address under which the other hosts reach this one',
})

/** The variables of all plays here. Set them in the inventory, in group_vars/ and host_vars/ (vaulted, if you like), or with -e. */
export const variables = schema({
  pg_version: withDefault(
    Type.String({ pattern: '^[0-9]+$', description: "PostgreSQL's major version, as the hosts' packages have it" }),
    '17',
  ),
  pg_port: withDefault(Type.Integer(), 5432),
  private_ip: privateIp,
  superuser_password: optional(secret({ description: 'of the role postgres, for logins over TCP; none without it' })),

  replication_user: withDefault(Type.String(), 'replicator'),
  replication_password: secret(),
  pg_settings: withDefault(Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()])), {}),

  sync_method: withDefault(
    choice(['FIRST', 'ANY'], { description: 'whether commits wait for the first standbys of the list, or for any' }),
    'FIRST',
  ),
  sync_count: withDefault(Type.Integer({ minimum: 1, description: 'how many standbys commits wait for' }), 1),
  dump: optional(Type.String({ description: 'a dump on this machine, restored into a new master once' })),
  dump_database: withDefault(Type.String({ description: 'the database it is restored into' }), 'app'),

  barman_method: withDefault(
    choice(['streaming', 'archive'], {
      description: 'how WAL reaches barman: received over a slot, or sent by archive_command',
    }),
    'streaming',
  ),
  barman_user: withDefault(Type.String(), 'barman'),
  barman_password: secret(),
  barman_streaming_user: withDefault(Type.String(), 'streaming_barman'),
  barman_streaming_password: secret(),
  barman_retention_policy: withDefault(Type.String(), 'RECOVERY WINDOW OF 7 DAYS'),
})

/** What every PostgreSQL server of any system needs to know of itself. */
const { pg_version, pg_port } = variables.properties
export const serverVariables = schema({ pg_version, pg_port })

/** A variable of the systems that draw themselves. */
export const pictureVariable = Type.String({
  description: 'where the picture of the system is written, as Mermaid, on this machine',
})

export type Variables = VarsOf<typeof variables>
export type ServerVariables = VarsOf<typeof serverVariables>
/** What a task here is given, as far as functions of this folder use it. */
export type Here = Scope<Variables, unknown>

/** The cluster's name, as Debian's tools know it. */
export const cluster = 'main'
export const unit = (vars: Pick<Variables, 'pg_version'>) => `postgresql@${vars.pg_version}-${cluster}`
/** A replication slot's name may hold lower case letters, digits and underscores only. */
export const slotOf = (host: string) => host.toLowerCase().replace(/[^a-z0-9_]/g, '_')
export const barmanSlot = 'barman'
/** Does barman receive WAL itself, rather than being sent it? */
export const streams = (vars: Variables) => vars.barman_method === 'streaming'

/** Plays about the servers of a replication system, whoever of them leads. */
export const onServers = { hosts: 'primary:replica', become: true, vars: variables } as const
