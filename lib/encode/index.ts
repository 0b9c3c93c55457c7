import { address, network, urlHost } from './address.ts'
import { authorizedKeyOption, keyComment } from './programs/authorized-keys.ts'
import { chronyWord } from './programs/chrony.ts'
import { commentText } from './comment.ts'
import { conninfo, conninfoValue } from './postgres/conninfo.ts'
import { cronCommand, cronTime, cronUser, cronVariable } from './programs/crontab.ts'
import { environmentLine, environmentValue } from './programs/environment-file.ts'
import { etcdName } from './programs/etcd.ts'
import { haproxyLogin, haproxyName, haproxyString, haproxyWord } from './programs/haproxy.ts'
import { barmanValue, iniSection, iniValue } from './ini.ts'
import { knownHost } from './programs/known-hosts.ts'
import { lifted, liftedDeep, type MappingEncoder } from './lifted.ts'
import { namedAddress, namedString } from './programs/named-conf.ts'
import { pgHbaAddress, pgHbaName, pgHbaOption, pgHbaWord } from './postgres/pg-hba.ts'
import { pgpassField } from './postgres/pgpass.ts'
import { postgresqlConfValue } from './postgres/postgresql-conf.ts'
import { sudoersName, sudoersWord } from './programs/sudoers.ts'
import { systemdArgument, systemdValue, systemdWord } from './programs/systemd.ts'
import { yamlValue } from './yaml.ts'
import { zoneData, zoneText } from './programs/zone.ts'

export { CannotEncode } from './cannot-encode.ts'
export type { Encodable, Encoded, Encoder, MappingEncoder } from './lifted.ts'

/**
 * How a value is written in a configuration file, one function for each kind of place: what the program reads is the value itself and nothing more. What a
 * format cannot hold is refused with the reason ({@link CannotEncode}). What is made of a secret is a secret.
 *
 * Every template has it under this name.
 *
 * @example
 * <%= encode.pgpass(host) %>:5432:*:<%= encode.pgpass(user) %>:<%= encode.pgpass(password) %>
 */
export const encode = {
  /** A host name or an IP address, for all formats. */
  address: lifted(address),
  /** An IP address, or one with its prefix. */
  network: lifted(network),
  /** An address before `:port`. */
  urlHost: lifted(urlHost),
  /** The rest of a line behind a comment sign. */
  comment: lifted(commentText),
  /** A field of .pgpass. */
  pgpass: lifted(pgpassField),
  /** A database or role of pg_hba.conf of exactly this name. */
  pgHba: lifted(pgHbaName),
  /** The same, where all, replication, `+group` … have their meaning. */
  pgHbaWord: lifted(pgHbaWord),
  /** The address of a rule of pg_hba.conf: an address, a network, a host name or a keyword. */
  pgHbaAddress: lifted(pgHbaAddress),
  /** `name=value`. */
  pgHbaOption: lifted(pgHbaOption),
  /** A value of postgresql.conf, with its quotes where it needs them. */
  postgresqlConf: lifted(postgresqlConfValue),
  /** A value of libpq's connection string. */
  conninfo: lifted(conninfoValue),
  /** A whole connection string: `{ host, port, user }`. */
  conninfoOf: liftedDeep((parts) => conninfo(parts as Readonly<Record<string, string>>)) as MappingEncoder,
  /** A field of a crontab's time: `('minute', '0')`. */
  cronTime: lifted(cronTime),
  /** The user of a job in /etc/cron.d. */
  cronUser: lifted(cronUser),
  /** The command of a job; cron reads `%` as a newline, so it is escaped. */
  cronCommand: lifted(cronCommand),
  /** `NAME="value"` of a crontab. */
  cronVariable: lifted(cronVariable),
  /** `command="…"`, `from="…"`. */
  authorizedKeyOption: lifted(authorizedKeyOption),
  /** The comment of a key. */
  keyComment: lifted(keyComment),
  /** A host name or pattern of known_hosts. */
  knownHost: lifted(knownHost),
  /** A value that Python's configparser reads. */
  ini: lifted(iniValue),
  /** The name of a section of an INI file. */
  iniSection: lifted(iniSection),
  /** A value of barman's configuration. */
  barman: lifted(barmanValue),
  /** A word of haproxy.cfg. */
  haproxy: lifted(haproxyWord),
  /** The same, in quotes always. */
  haproxyString: lifted(haproxyString),
  /** The name of a server or a proxy. */
  haproxyName: lifted(haproxyName),
  /** `(user, password)` of `stats auth`. */
  haproxyLogin: lifted(haproxyLogin),
  /** A value of /etc/default/… and other files for systemd's EnvironmentFile=. */
  environment: lifted(environmentValue),
  /** `NAME=value` there. */
  environmentLine: lifted(environmentLine),
  /** The name of a member of etcd. */
  etcdName: lifted(etcdName),
  /** A string of named.conf, with its quotes. */
  named: lifted(namedString),
  /** An address or a network of named.conf. */
  namedAddress: lifted(namedAddress),
  /** The data of a record, as a zone file has it. */
  zoneData: lifted(zoneData),
  /** The text of a TXT record, in quotes. */
  zoneText: lifted(zoneText),
  /** A word of chrony.conf. */
  chrony: lifted(chronyWord),
  /** A whole setting of a systemd unit: Description=. */
  systemd: lifted(systemdValue),
  /** One word of a setting with several: Environment=. */
  systemdWord: lifted(systemdWord),
  /** One argument of ExecStart=. */
  systemdArgument: lifted(systemdArgument),
  /** A user, host or group of sudoers. */
  sudoers: lifted(sudoersName),
  /** A word of a command there. */
  sudoersWord: lifted(sudoersWord),
  /** Text, a number, a list or a mapping as YAML on one line. */
  yaml: liftedDeep(yamlValue),
} as const
