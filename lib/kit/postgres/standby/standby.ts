import { defined } from '../../../defined.ts'
import { encodingComplaints } from '../../../encode/cannot-encode.ts'
import { conninfo } from '../../../encode/postgres/conninfo.ts'
import { pgpassField } from '../../../encode/postgres/pgpass.ts'
import { postgresqlConfValue } from '../../../encode/postgres/postgresql-conf.ts'
import type { Read } from '../../../schema/index.ts'
import { choice, optional, secret, Type, withDefault } from '../../../schema/index.ts'
import { secretText, type Secret } from '../../../secret.ts'
import type { ClusterPlace } from '../cluster/cluster.ts'
import { clusterNameParam, ownerParam, versionParam } from '../cluster/place.ts'

/** Whom a standby follows, and which cluster it is. */
export const followParams = {
  /** The major version of PostgreSQL. */
  version: versionParam,
  /** The name of the standby's cluster. `main` by default. */
  name: clusterNameParam,
  host: Type.String({ minLength: 1, description: 'The primary, as the standby reaches it.' }),
  port: withDefault(Type.Integer({ minimum: 1, maximum: 65535, description: 'The primary’s port.' }), 5432),
  user: Type.String({ minLength: 1, description: 'The role to replicate as.' }),
  password: optional(secret({ description: 'Its password; it stays in the passfile and nowhere else.' })),
  slot: optional(
    Type.String({
      pattern: '^[a-z0-9_]{1,63}$',
      description: 'The slot on the primary, which must be there (pg_slot).',
    }),
  ),
  application_name: optional(
    Type.String({
      description: 'What the primary calls it (synchronous_standby_names). Default: the host’s inventory name.',
    }),
  ),
  /** How the connection is encrypted, as libpq names it. Default: libpq's, `prefer`. */
  sslmode: optional(
    choice(['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'], {
      description: 'How the connection to the primary is encrypted and checked, as libpq names it.',
    }),
  ),
  data_directory: optional(
    Type.String({ pattern: '^/', description: 'Its data. Default: /var/lib/postgresql/VERSION/NAME.' }),
  ),
  passfile: optional(
    Type.String({ pattern: '^/', description: 'Where the password is kept. Default: beside the data.' }),
  ),
  cluster_port: withDefault(
    Type.Integer({ minimum: 1, maximum: 65535, description: 'Where the standby listens.' }),
    5432,
  ),
  /** The system user the standby runs as. `postgres` by default. */
  owner: ownerParam,
}
/** What a module that makes a server follow another is given, as it reads it. */
export type FollowWanted = Read<typeof followParams>

/** Complaints about values that the files of a standby cannot hold. */
export function followComplaints({ host, user, password, application_name }: FollowWanted): readonly string[] {
  return [
    ...Object.entries({ host, user, application_name }).flatMap(([name, value]) =>
      encodingComplaints(name, () => conninfo({ host: value ?? '' })),
    ),
    ...(password === undefined
      ? []
      : Object.entries({ host, user, password: password.reveal() }).flatMap(([name, value]) =>
          encodingComplaints(name, () => pgpassField(value)),
        )),
  ]
}

/** The parameters of `pg_basebackup`. */
export const standbyParams = {
  ...followParams,
  checkpoint: withDefault(choice(['fast', 'spread'], { description: 'Whether the primary hurries for it.' }), 'fast'),
  max_rate: optional(Type.String({ pattern: '^[0-9]+[kM]?$', description: 'At most so much a second: 20M.' })),
  start_conf: withDefault(
    choice(['auto', 'manual', 'disabled'], { description: 'Whether it starts with the machine.' }),
    'auto',
  ),
  timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds the clone may take.' }), 86400),
}
/** The parameters of `pg_basebackup`, as a module reads them. */
export type StandbyWanted = Read<typeof standbyParams>

/** The files that make a server follow the primary. */
export interface StandbyFiles {
  /** The path of the password file. */
  readonly passfile: string
  /** Undefined when no password was given: then the file is not ours. */
  readonly passText: Secret | undefined
  /** As libpq reads it. */
  readonly conninfo: string
  /** The part of the configuration that names the primary. */
  readonly confFile: string
  /** The text of that part. */
  readonly confText: string
}

/** The files that make a cluster follow its primary. `hostName` is the standby's `application_name` by default. */
export function standbyFiles(wanted: FollowWanted, place: ClusterPlace, hostName: string): StandbyFiles {
  const { data, name } = place
  const passfile = wanted.passfile ?? `${data.slice(0, data.lastIndexOf('/'))}/.${name}.pgpass`
  const { host, port, user, password, sslmode } = wanted
  const way = conninfo({
    ...{ host, port: String(port), user },
    ...(password === undefined ? {} : { passfile }),
    application_name: wanted.application_name ?? hostName,
    ...defined({ sslmode }),
  })
  const settings = [
    ['primary_conninfo', way],
    ...(wanted.slot === undefined ? [] : [['primary_slot_name', wanted.slot]]),
  ]
  const lines = settings.map(([key = '', value = '']) => `${key} = ${postgresqlConfValue(value)}`)
  return {
    passfile,
    passText: password === undefined ? undefined : passLine(host, port, user, password),
    conninfo: way,
    confFile: standbyConfFile(place),
    confText: [
      '# Written by hostwright (pg_basebackup): whom this server follows while it is a standby.',
      ...lines,
      '',
    ].join('\n'),
  }
}

/** The part of the configuration that says whom a standby follows. */
export function standbyConfFile({ config }: Pick<ClusterPlace, 'config'>): string {
  return `${config}/conf.d/hostwright-standby.conf`
}

/** A line of a password file: `*` is any database, replication too. */
export function passLine(host: string, port: number, user: string, password: Secret): Secret {
  return secretText`${pgpassField(host)}:${port}:*:${pgpassField(user)}:${secretText`${pgpassField(password.reveal())}`}\n`
}
