/**
 * Barman: WAL received over a slot of its own, or archived by the primary over ssh; base backups by pg_basebackup. Barman knows the cluster by the name of the
 * inventory's `primary`, whoever leads.
 */
import { defaults, main, play, playbook } from '../lib/index.ts'
import { barman_backup } from '../modules/barman_backup.ts'
import { barman_cron } from '../modules/barman_cron.ts'
import { barman_switch_wal } from '../modules/barman_switch_wal.ts'
import { debug } from '../modules/debug.ts'
import { pg_membership } from '../modules/pg_membership.ts'
import { pg_privs } from '../modules/pg_privs.ts'
import { pg_slot } from '../modules/pg_slot.ts'
import { pg_user } from '../modules/pg_user.ts'
import { archiving } from './roles/archiving.ts'
import { barmanName, barmanPackages, barmanPointed, barmanStreaming } from './roles/barman.ts'
import { leads, onLeader, whoLeads, whoLeadsForBarman } from './roles/leader.ts'
import { serverPackagesAnd } from './roles/server.ts'
import {
  backupVariables,
  barmanSlot,
  folder,
  onServers,
  streams,
  type ServerVariables,
  type Variables,
} from './variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [
  defaults([pg_membership, pg_privs, pg_slot, pg_user], { port: vars.pg_port }),
]

const onBackup = {
  hosts: 'backup',
  become: true,
  vars: backupVariables,
  folder,
} as const

/** Barman before release 3.5 believes that only a superuser may force a switch of WAL files. */
const needsSuperuser = (vars: Variables) => Number(vars.pg_version) < 16

export const roles = play("Barman's roles on the primary", {
  ...onServers,
  vars: backupVariables,
  module_defaults: atPort,
})
  .use(whoLeads)
  .block(
    'Whoever leads',
    (block) =>
      block
        .task('Role for backups', ({ vars }) =>
          pg_user({
            name: vars.barman_user,
            password: vars.barman_password,
            role_attr_flags: needsSuperuser(vars) ? 'SUPERUSER,LOGIN' : 'NOSUPERUSER,LOGIN',
          }),
        )
        .task('What it may see', ({ vars }) =>
          pg_membership({
            groups: ['pg_read_all_settings', 'pg_read_all_stats', 'pg_checkpoint'],
            target_roles: [vars.barman_user],
          }),
        )
        .task('What it may call', ({ vars }) =>
          pg_privs({
            type: 'function',
            objs: 'pg_backup_start(text:boolean),pg_backup_stop(boolean),pg_switch_wal(),pg_create_restore_point(text)',
            privs: 'EXECUTE',
            roles: [vars.barman_user],
          }),
        )
        .task('Role for streaming to barman', ({ vars }) =>
          pg_user({
            name: vars.barman_streaming_user,
            password: vars.barman_streaming_password,
            role_attr_flags: 'REPLICATION,LOGIN',
          }),
        )
        .task(
          'A slot for barman',
          ({ vars }) => streams(vars) && pg_slot({ name: barmanSlot, immediately_reserve: true }),
        ),
    { when: leads },
  )

export const barman = play('Barman', onBackup)
  .use(serverPackagesAnd(() => barmanPackages))
  .use(whoLeadsForBarman)
  .task('Cron runs barman every minute', () => barman_cron({}))
  .pipe(barmanPointed(({ results }) => results.leader.address))

/** Sends WAL by archive_command, when that is how it reaches barman. Every server can, so that each can take the primary's part. */
export const archive = play('WAL archive', onServers).use(archiving)

export const settle = play('First WAL and first backup', onBackup)
  .use(whoLeadsForBarman)
  .pipe(barmanStreaming(onLeader))
  .task('The first WAL file in the archive', (here) => barman_switch_wal({ name: barmanName(here) }))
  .task('The first backup', (here) => barman_backup({ name: barmanName(here), immediate_checkpoint: true }), {
    register: 'newest',
  })
  .task('Report', ({ vars, host, results, ...here }) =>
    debug({
      msg: [
        `${host} (${vars.private_ip}): barman keeps ${barmanName(here)}, led by ${results.leader.name}`,
        `  WAL by ${streams(vars) ? `streaming over slot ${barmanSlot}` : 'archive_command over ssh'}, kept for: ${vars.barman_retention_policy}`,
        `  newest backup ${results.newest.backup_id}, ${results.newest.status}`,
      ].join('\n'),
    }),
  )

/**
 * Barman's server, and its way to the cluster: WAL and base backups. Hosts are those of {@link replication}, and `backup`, one host. The last task takes the first backup.
 * Variables: {@link backupVariables}.
 *
 * @example
 * export { backup as default } from 'hostwright/playbooks' // npx hostwright run backup.ts -i hosts.yml
 */
const backup = playbook('backup', [roles, barman, archive, settle])
export default backup
await main(import.meta, backup)
