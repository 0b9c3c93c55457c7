import type { Chain } from '../../lib/index.ts'
import { file } from '../../modules/file.ts'
import { pg_conf } from '../../modules/pg_conf.ts'
import { pg_hba } from '../../modules/pg_hba.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { template } from '../../modules/template.ts'
import { accessRules } from './access.ts'
import { unit, type Here, type Variables } from '../variables.ts'

type Results = Readonly<Record<string, unknown>>

/** PostgreSQL's packages, and nothing running yet: what runs, and when, is for the tasks that follow to say. */
export const serverPackages = <R extends Results, H extends string>(chain: Chain<Variables, R, H>) =>
  chain
    .task('Folder for the cluster defaults', () =>
      file({ path: '/etc/postgresql-common', state: 'directory', mode: '0755' }),
    )
    .task('Packages make no cluster of their own', () =>
      template({ src: 'createcluster.conf.ejs', dest: '/etc/postgresql-common/createcluster.conf', mode: '0644' }),
    )
    .task('Install PostgreSQL', ({ vars }) =>
      pkg({ name: [`postgresql-${vars.pg_version}`, `postgresql-client-${vars.pg_version}`], policy_rc_d: 101 }),
    )

/** Settings that primary and standbys share, so that any of them can take the other's part. */
export function serverSettings({ vars }: Here) {
  return {
    listen_addresses: '*',
    port: vars.pg_port,
    password_encryption: 'scram-sha-256',
    wal_level: 'replica',
    hot_standby: true,
    wal_log_hints: true,
    max_wal_senders: 10,
    max_replication_slots: 10,
    max_slot_wal_keep_size: '2GB',
    archive_mode: vars.barman_method === 'archive',
    ...vars.pg_settings,
  }
}

/** Who may connect, the settings, and the server running with them: now, and after a reboot. */
export const serverTuned = <R extends Results, H extends string>(chain: Chain<Variables, R, H>) =>
  chain
    .task('Who may connect', (here) =>
      pg_hba({ version: here.vars.pg_version, port: here.vars.pg_port, overwrite: true, rules: accessRules(here) }),
    )
    .register('settings', 'Tune for replication', (here) =>
      pg_conf({ version: here.vars.pg_version, port: here.vars.pg_port, settings: serverSettings(here) }),
    )
    .task('Run PostgreSQL', ({ vars }) => service({ name: unit(vars), state: 'started', enabled: true }))
    .task(
      'Restart where a setting needs it',
      ({ vars, results }) => results.settings.restart_required && service({ name: unit(vars), state: 'restarted' }),
    )
