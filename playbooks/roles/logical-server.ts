import { defaults, role } from '../../lib/index.ts'
import { pg_db } from '../../modules/pg_db.ts'
import { pg_membership } from '../../modules/pg_membership.ts'
import { pg_privs } from '../../modules/pg_privs.ts'
import { pg_publication } from '../../modules/pg_publication.ts'
import { pg_slot } from '../../modules/pg_slot.ts'
import { pg_table } from '../../modules/pg_table.ts'
import { pg_topology } from '../../modules/pg_topology.ts'
import { pg_user } from '../../modules/pg_user.ts'
import { accessRules, isPair, pair, partnerOf, published } from '../variables/logical-topology.ts'
import { variables } from '../variables/logical-variables.ts'
import { slotOf, type ServerVariables } from '../variables/variables.ts'
import { clusterMade, serverRunning, sharedSettings } from './server.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [
  defaults([pg_db, pg_membership, pg_privs, pg_publication, pg_slot, pg_table, pg_user], { port: vars.pg_port }),
]

/** Which of the reader and its standby leads now, whoever the inventory names: `results.leader`. */
export const whichLeads = role({ vars: variables }, (chain) =>
  chain.task(
    'Who of the pair leads?',
    ({ vars, host, soleHost }) =>
      isPair({ soleHost }, host) &&
      pg_topology({
        version: vars.pg_version,
        servers: Object.fromEntries(pair({ soleHost }).map(({ name, vars: its }) => [name, its.private_ip])),
        first: soleHost('reader').name,
        user: vars.replication_user,
        password: vars.replication_password,
        port: vars.pg_port,
      }),
    { register: 'leader' },
  ),
)

/** The server with its settings, running. */
export const logicalServer = role({ vars: variables }, (chain) =>
  chain.pipe(
    serverRunning({
      rules: accessRules,
      settings: ({ vars }) => ({ ...sharedSettings(vars), wal_level: 'logical', ...vars.pg_settings }),
    }),
  ),
)

/** A server that takes writes: its cluster and roles, the database, the tables that it writes or reads, and what it publishes. */
export const leading = role({ vars: variables, module_defaults: atPort }, (chain) =>
  chain
    .use(clusterMade)
    .use(logicalServer)
    .task('Role for subscribers', ({ vars }) =>
      pg_user({
        name: vars.logical_user,
        password: vars.logical_password,
        role_attr_flags: 'REPLICATION,LOGIN',
      }),
    )
    .task('What it may see', ({ vars }) => pg_membership({ groups: 'pg_monitor', target_roles: [vars.logical_user] }))
    .task(
      'Role for the standby',
      ({ vars, host, soleHost }) =>
        isPair({ soleHost }, host) &&
        pg_user({
          name: vars.replication_user,
          password: vars.replication_password,
          role_attr_flags: 'REPLICATION,LOGIN',
        }),
    )
    .task(
      'A slot for the standby',
      ({ host, soleHost }) =>
        isPair({ soleHost }, host) &&
        pg_slot({ name: slotOf(partnerOf({ soleHost }, host).name), immediately_reserve: true }),
    )
    .task('The database', ({ vars }) => pg_db({ name: vars.logical_database }))
    .task('Its tables', ({ vars, group }) =>
      published({ group }).map(({ table, columns }) =>
        pg_table({ name: table, columns: [...columns], db: vars.logical_database }),
      ),
    )
    .task('What subscribers may copy', ({ vars, host, group }) => {
      const own = published({ group }).filter(({ publisher }) => publisher.name === host)
      return (
        own.length > 0 &&
        pg_privs({
          database: vars.logical_database,
          objs: own.map(({ table }) => table),
          privs: 'SELECT',
          roles: [vars.logical_user],
        })
      )
    })
    .task('What it publishes', ({ vars, host, group }) =>
      published({ group })
        .filter(({ publisher }) => publisher.name === host)
        .map(({ table, publication }) =>
          pg_publication({ name: publication, tables: [table], db: vars.logical_database }),
        ),
    ),
)
