/** Barman: WAL received over a slot of its own, or archived by the primary over ssh; base backups by pg_basebackup. */
import { main, play, playbook } from '../lib/index.ts'
import { barman_backup } from '../modules/barman_backup.ts'
import { barman_cron } from '../modules/barman_cron.ts'
import { barman_server } from '../modules/barman_server.ts'
import { barman_switch_wal } from '../modules/barman_switch_wal.ts'
import { command } from '../modules/command.ts'
import { debug } from '../modules/debug.ts'
import { pg_membership } from '../modules/pg_membership.ts'
import { pg_privs } from '../modules/pg_privs.ts'
import { pg_query } from '../modules/pg_query.ts'
import { pg_slot } from '../modules/pg_slot.ts'
import { pg_user } from '../modules/pg_user.ts'
import { pkg } from '../modules/pkg.ts'
import { template } from '../modules/template.ts'
import { archiving } from './roles/archiving.ts'
import { serverPackages } from './roles/server.ts'
import { barmanSlot, onPrimary, streams, variables, type Variables } from './variables.ts'

const asRoot = { become: true, vars: variables } as const

/** Barman before release 3.5 believes that only a superuser may force a switch of WAL files. */
const needsSuperuser = (vars: Variables) => Number(vars.pg_version) < 16

export const roles = play("Barman's roles on the primary", { hosts: 'primary', ...asRoot })
  .task('Role for backups', ({ vars }) =>
    pg_user({
      name: vars.barman_user,
      password: vars.barman_password,
      role_attr_flags: needsSuperuser(vars) ? 'SUPERUSER,LOGIN' : 'NOSUPERUSER,LOGIN',
      port: vars.pg_port,
    }),
  )
  .task('What it may see', ({ vars }) =>
    pg_membership({
      groups: ['pg_read_all_settings', 'pg_read_all_stats', 'pg_checkpoint'],
      target_roles: vars.barman_user,
      port: vars.pg_port,
    }),
  )
  .task('What it may call', ({ vars }) =>
    pg_privs({
      type: 'function',
      objs: 'pg_backup_start(text:boolean),pg_backup_stop(boolean),pg_switch_wal(),pg_create_restore_point(text)',
      privs: 'EXECUTE',
      roles: vars.barman_user,
      port: vars.pg_port,
    }),
  )
  .task('Role for streaming to barman', ({ vars }) =>
    pg_user({
      name: vars.barman_streaming_user,
      password: vars.barman_streaming_password,
      role_attr_flags: 'REPLICATION,LOGIN',
      port: vars.pg_port,
    }),
  )
  .task(
    'A slot for barman',
    ({ vars }) => streams(vars) && pg_slot({ name: barmanSlot, immediately_reserve: true, port: vars.pg_port }),
  )

export const barman = play('Barman', { hosts: 'backup', ...asRoot })
  .use(serverPackages)
  .task('Install barman', () => pkg({ name: ['barman', 'barman-cli', 'rsync'], policy_rc_d: 101 }))
  .task('Passwords of its roles', ({ vars, soleHost }) => {
    const at = { host: soleHost('primary').vars.private_ip, port: vars.pg_port, database: '*' }
    return template({
      src: 'pgpass.ejs',
      dest: '/var/lib/barman/.pgpass',
      owner: 'barman',
      group: 'barman',
      mode: '0600',
      vars: {
        entries: [
          { ...at, user: vars.barman_user, password: vars.barman_password },
          { ...at, user: vars.barman_streaming_user, password: vars.barman_streaming_password },
        ],
      },
    })
  })
  .task('Cron runs barman every minute', () => barman_cron({}))
  .task('The server to back up', ({ vars, soleHost }) => {
    const { name, vars: its } = soleHost('primary')
    const at = `host=${its.private_ip} port=${vars.pg_port}`
    return barman_server({
      name,
      description: `PostgreSQL ${vars.pg_version} on ${name}`,
      conninfo: `${at} user=${vars.barman_user} dbname=postgres`,
      streaming_conninfo: `${at} user=${vars.barman_streaming_user}`,
      backup_method: 'postgres',
      streaming_archiver: streams(vars),
      archiver: !streams(vars),
      slot_name: streams(vars) ? barmanSlot : undefined,
      path_prefix: `/usr/lib/postgresql/${vars.pg_version}/bin`,
      retention_policy: vars.barman_retention_policy,
    })
  })

/** Sends WAL from the primary by archive_command, when that is how it reaches barman. */
export const archive = play('WAL archive', { hosts: 'primary', ...asRoot }).use(archiving)

export const settle = play('First WAL and first backup', { hosts: 'backup', ...asRoot })
  .register(
    'stream',
    'Does WAL flow?',
    ({ vars }) =>
      pg_query({
        query: 'SELECT active FROM pg_replication_slots WHERE slot_name = $1',
        positional_args: [barmanSlot],
        port: vars.pg_port,
      }),
    onPrimary,
  )
  // What cron would do within the minute: waiting for it is no change.
  .task(
    'Let barman reconnect',
    ({ vars, results }) =>
      streams(vars) && results.stream.rows[0]?.['active'] !== true && command({ cmd: 'barman -q cron' }),
    { become_user: 'barman', changed_when: () => false },
  )
  .task(
    'WAL flows',
    ({ vars }) =>
      streams(vars) &&
      pg_query({
        query: 'SELECT FROM pg_replication_slots WHERE slot_name = $1 AND active',
        positional_args: [barmanSlot],
        port: vars.pg_port,
      }),
    {
      ...onPrimary,
      until: (result) => result.rowcount === 1,
      retries: 90,
      delay: 1,
    },
  )
  .task('The first WAL file in the archive', ({ soleHost }) => barman_switch_wal({ name: soleHost('primary').name }))
  .register('newest', 'The first backup', ({ soleHost }) =>
    barman_backup({ name: soleHost('primary').name, immediate_checkpoint: true }),
  )
  .task('Report', ({ vars, host, soleHost, results }) =>
    debug({
      msg: [
        `${host} (${vars.private_ip}): barman keeps ${soleHost('primary').name}`,
        `  WAL by ${streams(vars) ? `streaming over slot ${barmanSlot}` : 'archive_command over ssh'}, kept for: ${vars.barman_retention_policy}`,
        `  newest backup ${results.newest.backup_id}, ${results.newest.status}`,
      ].join('\n'),
    }),
  )

const backup = playbook('backup', [roles, barman, archive, settle])
export default backup
await main(import.meta, backup)
