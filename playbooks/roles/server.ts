import { role, type Chain, type Results, type Scope } from '../../lib/index.ts'
import { file } from '../../modules/file.ts'
import { pg_cluster } from '../../modules/pg_cluster.ts'
import { pg_conf } from '../../modules/pg_conf.ts'
import { pg_hba } from '../../modules/pg_hba.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { template } from '../../modules/template.ts'
import { accessRules } from './access.ts'
import { cluster, folder, serverVariables, unit, variables, type ServerVariables } from '../variables/variables.ts'

/** PostgreSQL's packages, and nothing running yet: what runs, and when, is for the tasks that follow to say. `more` are installed in the same go. */
export const serverPackagesAnd = (more: (here: Scope<ServerVariables, unknown>) => readonly string[]) =>
  role({ vars: serverVariables, folder }, (chain) =>
    chain
      .task('Folder for the cluster defaults', () =>
        file({ path: '/etc/postgresql-common', state: 'directory', mode: '0755' }),
      )
      .task('Packages make no cluster of their own', () =>
        template({ src: 'createcluster.conf.ejs', dest: '/etc/postgresql-common/createcluster.conf', mode: '0644' }),
      )
      .task('Install packages', (here) => {
        const { pg_version: version } = here.vars
        return pkg({ name: [`postgresql-${version}`, `postgresql-client-${version}`, ...more(here)], policy_rc_d: 101 })
      }),
  )

/** PostgreSQL's packages alone. */
export const serverPackages = serverPackagesAnd(() => [])

/** A new, empty cluster where none is: what a server begins with that leads from the start. */
export const clusterMade = role({ vars: serverVariables }, (chain) =>
  chain.task('Create the cluster', ({ vars }) =>
    pg_cluster({
      version: vars.pg_version,
      name: cluster,
      port: vars.pg_port,
      locale: 'C.UTF-8',
      encoding: 'UTF8',
      data_checksums: true,
    }),
  ),
)

/** The settings of a system's servers. */
export interface ServerWants<V> {
  /** Who may connect, and how: the whole of pg_hba.conf. */
  readonly rules: (here: Scope<V, unknown>) => Parameters<typeof pg_hba>[0]['rules']
  /** Settings of PostgreSQL, for each host. */
  readonly settings: (here: Scope<V, unknown>) => Readonly<Record<string, string | number | boolean>>
}

/** Settings that all servers of all systems here share, so that any of them can take another's part. */
export function sharedSettings({ pg_port }: Pick<ServerVariables, 'pg_port'>) {
  return {
    listen_addresses: '*',
    port: pg_port,
    password_encryption: 'scram-sha-256',
    hot_standby: true,
    wal_log_hints: true,
    max_wal_senders: 10,
    max_replication_slots: 10,
    max_slot_wal_keep_size: '2GB',
  }
}

/** Who may connect, the settings, and the server running with them: now, and after a reboot. */
export const serverRunning =
  <V extends ServerVariables>({ rules, settings }: ServerWants<V>) =>
  <R extends Results, H extends string>(chain: Chain<V, R, H>) =>
    chain
      .task('Who may connect', (here) =>
        pg_hba({ version: here.vars.pg_version, port: here.vars.pg_port, overwrite: true, rules: rules(here) }),
      )
      .task(
        'Tune for replication',
        (here) => pg_conf({ version: here.vars.pg_version, port: here.vars.pg_port, settings: settings(here) }),
        { register: 'settings' },
      )
      .task('Run PostgreSQL', ({ vars }) => service({ name: unit(vars), state: 'started', enabled: true }))
      .task(
        'Restart where a setting needs it',
        ({ vars, results }) => results.settings.restart_required && service({ name: unit(vars), state: 'restarted' }),
      )

/** Servers of physical replication. */
export const serverTuned = role({ vars: variables }, (chain) =>
  chain.pipe(
    serverRunning({
      rules: accessRules,
      settings: ({ vars }) => ({
        ...sharedSettings(vars),
        wal_level: 'replica',
        archive_mode: vars.barman_method === 'archive',
        ...vars.pg_settings,
      }),
    }),
  ),
)
