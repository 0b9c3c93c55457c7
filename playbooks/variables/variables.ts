import { choice, optional, schema, secret, Type, withDefault, type Scope, type VarsOf } from '../../lib/index.ts'

/** Rules of pg_hba.conf and zones are made of it, as one address and not more. */
export const privateIp = Type.String({
  pattern: '^((25[0-5]|2[0-4][0-9]|1?[0-9]?[0-9])(\\.|$)){4}(?<!\\.)$',
  description: 'the IPv4 address under which the other hosts reach this one',
})

/** The value of a setting of PostgreSQL. */
export const setting = Type.Union([Type.String(), Type.Number(), Type.Boolean()])

/** The variables of replication, and of barman as far as its servers have to know of it. Set them in the inventory, in group_vars/ and host_vars/ (vaulted, if you like), or with -e. */
export const variables = schema({
  pg_version: withDefault(
    Type.String({ pattern: '^[0-9]+$', description: "PostgreSQL's major version, one that the hosts' packages have" }),
    '17',
  ),
  pg_port: withDefault(Type.Integer({ description: 'the TCP port that PostgreSQL listens on' }), 5432),
  private_ip: privateIp,

  replication_user: withDefault(Type.String({ description: 'the role that standbys log in as' }), 'replicator'),
  replication_password: secret({ description: 'the password of the role `replication_user`' }),
  pg_settings: withDefault(
    Type.Record(Type.String(), setting, {
      description: 'settings of PostgreSQL, over those that the playbooks choose: `{ work_mem: 64MB }`',
    }),
    {},
  ),

  sync_method: withDefault(
    choice(['FIRST', 'ANY'], {
      description: 'whether the commits of `sync` wait for the first standbys of the list, or for any',
    }),
    'FIRST',
  ),
  sync_count: withDefault(
    Type.Integer({ minimum: 1, description: 'how many standbys the commits of `sync` wait for' }),
    1,
  ),
  dump: optional(
    Type.String({ description: 'a dump on this machine, beside the playbook, which a new primary restores once' }),
  ),
  dump_database: withDefault(Type.String({ description: 'the database that `dump` is restored into' }), 'app'),

  barman_method: withDefault(
    choice(['streaming', 'archive'], {
      description: 'how WAL reaches barman: received over a slot, or sent by archive_command',
    }),
    'streaming',
  ),
  barman_user: withDefault(Type.String({ description: 'the role that barman asks and takes backups as' }), 'barman'),
  barman_streaming_user: withDefault(
    Type.String({ description: 'the role that barman receives WAL as' }),
    'streaming_barman',
  ),
})

/** The variables of backups: those of replication, and more. */
export const backupVariables = schema({
  ...variables.properties,
  barman_password: secret({ description: 'the password of the role `barman_user`' }),
  barman_streaming_password: secret({ description: 'the password of the role `barman_streaming_user`' }),
  barman_retention_policy: withDefault(
    Type.String({ description: 'how long backups are kept, in the words of barman’s `retention_policy`' }),
    'RECOVERY WINDOW OF 7 DAYS',
  ),
})

const { pg_version, pg_port } = variables.properties
/** The variables of every PostgreSQL server, of any system. */
export const serverVariables = schema({ pg_version, pg_port })

/** A variable of the systems that draw themselves. */
export const pictureVariable = Type.String({
  description:
    'the file on this machine that the picture of the system is written to, as Mermaid; relative to the current folder',
})

export type Variables = VarsOf<typeof variables>
export type BackupVariables = VarsOf<typeof backupVariables>
/** What tasks read of it. */
export type ServerVariables = VarsOf<typeof serverVariables>
/** What a task here is given, as far as functions of this folder use it. */
export type Here = Scope<Variables, unknown>

/** The folder whose `templates/` the playbooks here use: the top of the checkout, or `dist` in the package. */
export const folder = new URL('../..', import.meta.url)

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
