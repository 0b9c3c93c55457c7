import { mkdirSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { words } from '../../../lib/kit/postgres/hba/hba-params.ts'
import { parseTable } from '../../../lib/kit/postgres/sql/table-name.ts'
import { majorVersion } from '../../../lib/kit/postgres/cluster/version.ts'
import type { Table } from './entry.ts'
import type { Params } from './places.ts'

const names = (text: string) => [
  words(text)
    .map((word) => word.text)
    .join(','),
]
const data = (text: string) => {
  const path = text.replace(/\/+$/, '')
  return [path, posix.dirname(path), posix.basename(path)]
}
const major = {
  version: (text: string) => [majorVersion(text)],
  data_directory: data,
  passfile: (text: string) => [text, posix.dirname(text)],
}

/** A cluster's place in the folder, for which a server is installed. */
const cluster = (folder: string, version: string) => ({ version, data_directory: join(folder, 'hwdata') })
const follow = (folder: string, version: string) => ({
  ...cluster(folder, version),
  ...{ host: '127.0.0.1', port: 1, user: 'hwuser', password: 'hwpassword', slot: 'hwslot', application_name: 'hwname' },
  ...{ passfile: join(folder, 'none/hw.pgpass'), owner: 'hwowner', name: 'hwmain' },
})
const followed = { 'hw.pgpass': 'pgpass', 'hostwright-standby.conf': 'postgresql.conf' }

/** Modules of PostgreSQL that write files or run programs. */
export const ofClusters = (version: string, socket: string): Table => ({
  pg_cluster: {
    good: (folder) => [
      { ...cluster(folder, version), name: 'hwmain', owner: 'hwowner', locale: 'hwlocale', encoding: 'hwencoding' },
    ],
    also: () => ({
      version: { version: '99' },
      auth_local: { auth_local: 'hwlocal' },
      auth_host: { auth_host: 'hwhost' },
      initdb_options: { initdb_options: ['--hwoption'] },
    }),
    code: { initdb_options: 'options of initdb' },
    becomes: major,
  },
  pg_basebackup: {
    good: (folder) => [{ ...follow(folder, version), max_rate: '20M' }],
    also: () => ({ version: { version: '99' } }),
    becomes: major,
    reads: followed,
  },
  pg_standby: {
    good: (folder) => [follow(folder, version)],
    prepare: (folder) => {
      mkdirSync(join(folder, 'hwdata'))
      writeFileSync(join(folder, 'hwdata/PG_VERSION'), `${version}\n`)
    },
    becomes: major,
    reads: followed,
  },
  pg_rewind: {
    good: (folder) => [{ ...follow(folder, version), database: 'hwdatabase', force: true }],
    becomes: major,
  },
  pg_controldata: { good: (folder) => [{ ...cluster(folder, version), name: 'hwmain' }], becomes: major },
  pg_topology: {
    // Until version 13 another setting tells whether a server takes writes.
    good: () =>
      [version, '10'].map((one) => ({
        ...{ version: one, servers: { hwone: '127.0.0.1', hwtwo: '127.0.0.2' }, first: 'hwone' },
        ...{ user: 'hwuser', port: 1, timeout: 1 },
      })),
    also: () => ({ prefer: { prefer: 'hwone' }, password: { password: 'hwpassword' }, name: { name: 'hwmain' } }),
    becomes: major,
  },
  pg_conf: {
    good: (folder) => [
      {
        path: join(folder, 'conf.d/hwconf.conf'),
        config_file: join(folder, 'postgresql.conf'),
        settings: { 'hw.setting': 'hwvalue' },
        ...{ reload: false, login_unix_socket: socket },
      },
    ],
    also: () => ({ version: { version: '15' }, cluster: { cluster: 'hwmain' } }),
    prepare: (folder) => {
      mkdirSync(join(folder, 'conf.d'))
      writeFileSync(join(folder, 'postgresql.conf'), "include_dir = 'conf.d'\n")
    },
    becomes: major,
    reads: { 'hwconf.conf': 'postgresql.conf' },
  },
  pg_hba: {
    good: (folder) => [
      {
        dest: join(folder, 'hwhba.conf'),
        ...{ contype: 'host', databases: 'hwdatabase', users: 'hwuser', address: 'hwhost', method: 'reject' },
        ...{ comment: 'hwcomment', login_unix_socket: socket },
      },
      {
        dest: join(folder, 'hwhba.conf'),
        rules: [
          {
            ...{ type: 'host', databases: ['hwdatabase'], users: ['hwuser'], address: 'hwclient', method: 'ldap' },
            ...{ options: { ldapserver: 'hwserver', ldapprefix: 'hwprefix' }, comment: 'hwcomment' },
          },
        ],
        login_unix_socket: socket,
      },
      {
        dest: join(folder, 'hwhba.conf'),
        ...{ contype: 'host', databases: 'hwdatabase', users: 'hwuser', address: '10.0.0.1', method: 'reject' },
        ...{ comment: 'hwcomment', login_unix_socket: socket },
      },
    ],
    also: (folder) => ({
      netmask: { address: '10.0.0.1', netmask: '255.255.255.0' },
      version: { version: '15' },
      cluster: { cluster: 'hwmain' },
      path: { dest: undefined, path: join(folder, 'hwhba.conf') },
    }),
    prepare: (folder) => writeFileSync(join(folder, 'hwhba.conf'), 'local all all reject\n'),
    becomes: { users: names, databases: names, rules: (text) => [...names(text), text], ...major },
    code: {
      options:
        'options with blanks between them; test/modules/hostile-values.test.ts holds that they are one rule, rules that each is one',
    },
    reads: { 'hwhba.conf': 'pg_hba.conf' },
  },
})

/** Modules of PostgreSQL that speak SQL: what is in the server afterwards tells. */
export const ofServers = (socket: string): Table => {
  const here = { login_unix_socket: socket }
  return {
    pg_ping: {
      good: () => [here, { login_host: '', login_port: 1 }],
      becomes: { login_host: (text) => [text, text.includes(':') ? `[${text}]` : text] },
      // The folder of a socket.
      otherwise: {
        login_host: (text) => (text.startsWith('/') ? { login_host: undefined, login_unix_socket: text } : undefined),
      },
      also: () => ({
        login_user: { login_user: 'postgres' },
        login_password: { login_password: 'hwpassword' },
        login_host: { login_unix_socket: undefined, login_host: '127.0.0.1', login_port: 1 },
        login_db: { login_db: 'postgres' },
        db: { db: 'postgres' },
      }),
    },
    pg_info: { good: () => [{ ...here, filter: ['in_recovery', 'hw*'] }] },
    pg_query: {
      good: () => [{ ...here, query: 'INSERT INTO hwtable (note) VALUES ($1)', positional_args: ['hwvalue'] }],
      also: () => ({
        named_args: {
          query: 'INSERT INTO hwtable (note) VALUES (%(note)s)',
          positional_args: undefined,
          named_args: { note: 'hwvalue' },
        },
      }),
      code: { query: 'SQL, and nothing else' },
    },
    pg_user: {
      good: () => [{ ...here, name: 'hwrole', comment: 'hwcomment' }],
      also: () => ({
        password: { password: 'hwpassword' },
        role_attr_flags: { role_attr_flags: 'NOLOGIN' },
        expires: { expires: '2030-01-02 03:04:05+00' },
        groups: { groups: ['hwgroup'] },
        configuration: { configuration: { 'hw.setting': 'hwvalue' } },
      }),
      otherwise: { role_attr_flags: roleFlags },
    },
    pg_db: {
      good: () => [{ ...here, name: 'hwnew', comment: 'hwcomment' }],
      also: () => ({
        owner: { owner: 'hwgroup' },
        template: { template: 'template0' },
        encoding: { encoding: 'UTF8' },
        lc_collate: { lc_collate: 'C' },
        lc_ctype: { lc_ctype: 'C' },
        tablespace: { tablespace: 'pg_default' },
        maintenance_db: { maintenance_db: 'postgres' },
      }),
    },
    pg_ext: {
      good: () => [{ ...here, name: 'plpgsql' }],
      also: () => ({ schema: { schema: 'pg_catalog' }, version: { version: '1.0' } }),
    },
    pg_membership: { good: () => [{ ...here, groups: ['hwgroup'], target_roles: ['hwmember'] }] },
    pg_privs: {
      good: () => [{ ...here, type: 'table', objs: ['hwtable'], privs: ['SELECT'], roles: ['hwmember'] }],
      // A privilege in small letters is that privilege.
      otherwise: {
        privs: (text) => (privilege.test(text.trim()) ? { privs: [text.trim().toUpperCase()] } : undefined),
      },
      also: () => ({
        schema: { schema: 'public' },
        database: { database: 'postgres' },
        objs: { objs: 'hwtable' },
      }),
    },
    pg_slot: {
      good: () => [{ ...here, name: 'hwslot' }],
      also: () => ({ output_plugin: { slot_type: 'logical', output_plugin: 'pgoutput' } }),
    },
    pg_table: {
      good: () => [{ ...here, name: 'hwnotes', columns: ['id bigint'] }],
      also: () => ({ owner: { owner: 'hwgroup' } }),
      becomes: { name: (text) => [parseTable(text).name] },
      code: { columns: 'definitions of columns in SQL' },
    },
    pg_publication: {
      // An empty list publishes nothing.
      good: () =>
        [{}, { parameters: { publish: '' } }].map((more) => ({
          ...here,
          ...{ name: 'hwpublication', tables: ['hwtable'], comment: 'hwcomment', ...more },
        })),
      also: () => ({
        columns: { tables: undefined, columns: { hwtable: ['note'] } },
        tables_in_schema: { tables_in_schema: ['public'] },
        rowfilters: { rowfilters: { hwtable: 'id > 5' } },
        parameters: { parameters: { publish: 'insert' } },
        owner: { owner: 'postgres' },
      }),
      code: { rowfilters: 'conditions in SQL' },
    },
    pg_subscription: {
      good: () => [
        {
          ...here,
          name: 'hwsubscription',
          publications: ['hwpublication'],
          subsparams: { connect: false, slot_name: 'hwslot' },
          connparams: { host: '127.0.0.1', port: '1', user: 'hwuser', dbname: 'hwdatabase', connect_timeout: '1' },
        },
      ],
      also: () => ({
        comment: { comment: 'hwcomment' },
        owner: { owner: 'postgres' },
        password: { password: 'hwpassword' },
      }),
      reads: { pgpass: 'pgpass' },
    },
    pg_subscription_ready: {
      good: () => [{ ...here, name: 'hwnone', timeout: 0 }],
      also: () => ({ log: { log: '/hw/log' } }),
    },
    pg_promote: { good: () => [here] },
    pg_restore: { good: () => [{ ...here, src: '/dev/null', db: 'hwrestored' }] },
  }
}

const flag = /^(?:NO)?(?:SUPERUSER|CREATEROLE|CREATEDB|INHERIT|LOGIN|REPLICATION|BYPASSRLS)$/

/** What may be granted on a table. */
const privilege = /^(?:all(?: privileges)?|select|insert|update|delete|truncate|references|trigger)$/i

/** Attributes of a role, however they are written and parted. */
function roleFlags(text: string): Params | undefined {
  const words = text
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '')
  return words.length > 0 && words.every((word) => flag.test(word)) ? { role_attr_flags: words.join(',') } : undefined
}
