import {
  change,
  choice,
  defineModule,
  HostwrightError,
  optional,
  sh,
  Type,
  unchanged,
  Unreadable,
  withDefault,
  type Plan,
} from '../lib/index.ts'
import { newestDone } from '../lib/kit/barman/backup-plan.ts'
import { readCatalogue } from '../lib/kit/barman/catalogue.ts'
import { askBarman, complaintOf, linesOf, runBarman } from '../lib/kit/barman/command.ts'
import { placeParams, serverParams, timeoutParam } from '../lib/kit/barman/params.ts'
import { isRestored, lookScript, parseLook, recoverCommand } from '../lib/kit/barman/restore.ts'

/** The result of `barman_recover`. */
export interface BarmanRecoverResult {
  /** The folder that it is restored to. */
  readonly path: string
  /** The backup. */
  readonly backup_id: string
  /** What barman said; empty when nothing was to be done. */
  readonly report: readonly string[]
}

const text = (description: string) => optional(Type.String({ minLength: 1, description }))
const flag = (description: string) => optional(Type.Boolean({ description }))

/**
 * Restores a backup into a directory that is empty or not there, never over data. A directory that barman has restored the same backup into before is left as it
 * is (with `latest`: any backup of the server), also when a server has run in it since.
 *
 * The directory must be one that barman's user can make; with `remote_ssh_command` it is on another machine, and belongs to the user of that login. Debian keeps
 * a server's configuration in /etc/postgresql: it is in no backup, and the restored directory has only postgresql.auto.conf.
 *
 * Follows barman-restore(1), which barman before 3.13 calls recover; https://docs.pgbarman.org
 *
 * @throws when the directory holds anything, when there is no such backup, or with barman's own words.
 * @example
 * barman_recover({ name: 'pg1', path: '/var/lib/barman/restored', target_time: '2026-11-20 08:11:00+00' })
 */
export const barman_recover = defineModule({
  name: 'barman_recover',
  summary: 'Restores a backup into an empty directory.',
  params: {
    ...serverParams,
    path: Type.String({ pattern: '^/.*[^/]$', description: 'The new data directory.' }),
    backup_id: withDefault(
      Type.String({ minLength: 1, description: 'Which backup; `latest` is the newest good one.' }),
      'latest',
    ),
    target_time: text('Replay WAL up to this time; with a time zone.'),
    target_xid: text('… up to this transaction.'),
    target_lsn: text('… up to this position in the WAL.'),
    target_name: text('… up to this restore point (pg_create_restore_point).'),
    target_immediate: flag('… only until the backup is consistent.'),
    target_tli: text('Along this timeline.'),
    target_action: optional(
      choice(['pause', 'promote', 'shutdown'], { description: 'What the server does when it is there.' }),
    ),
    exclusive: flag('Stop just before the target instead of just after it.'),
    standby_mode: flag('Leave a standby.signal: the server will be a standby.'),
    get_wal: flag('Let the server fetch WAL from barman as it needs it, instead of copying it now.'),
    tablespaces: optional(
      Type.Record(Type.String(), Type.String(), { description: 'Where tablespaces go: name → directory.' }),
    ),
    remote_ssh_command: text('Restore on another machine: `ssh postgres@pg1`.'),
    recovery_staging_path: text('Where compressed backups are unpacked; needed for those.'),
    jobs: optional(Type.Integer({ minimum: 1, description: 'Processes that copy side by side.' })),
    ...timeoutParam(14_400, 'How long copying may take.'),
    ...placeParams,
  },
  concurrent: true,
  examples: [
    { name: 'The newest', params: { name: 'pg1', path: '/var/lib/barman/restored' } },
    {
      name: 'As it was then',
      params: { name: 'pg1', path: '/var/lib/barman/then', target_time: '2026-11-20 08:11:00+00' },
    },
  ],
  check: (params) => {
    const given = (['target_time', 'target_xid', 'target_lsn', 'target_name', 'target_immediate'] as const).filter(
      (target) => params[target] !== undefined && params[target] !== false,
    )
    return given.length > 1 ? [`${given.map((target) => `"${target}"`).join(' and ')} exclude each other`] : []
  },
  plan: async (params, host): Promise<Plan<BarmanRecoverResult>> => {
    const { name, path, backup_id: asked, timeout } = params
    const [{ backups }, looked] = await Promise.all([
      readCatalogue(host, params),
      askBarman(host, params, lookScript(path, params.remote_ssh_command)),
    ])
    if (looked.status !== 0)
      throw new HostwrightError(`${path} cannot be looked at: ${complaintOf(looked)}`, {
        host: host.name,
        next: `it must be a place that ${params.remote_ssh_command ?? params.barman_user} can reach`,
      })
    const found = parseLook(looked.stdout)
    const latest = asked === 'latest'
    const backup = latest ? newestDone(backups) : backups.find(({ backup_id }) => backup_id === asked)
    if (found.kind !== 'absent' && isRestored(found.note, name, latest ? undefined : backup))
      return unchanged({ path, backup_id: backup?.backup_id ?? asked, report: [] })
    if (found.kind === 'file' || found.names.length > 0)
      throw new HostwrightError(`${path} is not empty; a backup is never restored over data`, {
        host: host.name,
        next: 'give another path, or move away yourself what is there',
        data: { names: found.names.slice(0, 20) },
      })
    if (backup === undefined)
      throw new Unreadable(
        latest ? `there is no backup of ${name} to restore` : `there is no backup ${asked} of ${name}`,
        'command',
        { host: host.name, next: backups.length === 0 ? 'take one: barman_backup' : 'see barman_list_backups' },
      )
    const { backup_id } = backup
    return change<BarmanRecoverResult>({
      diff: [
        { of: path, before: { state: found.kind }, after: { state: 'directory', restored: `${name} ${backup_id}` } },
      ],
      result: { path, backup_id, report: [] },
      apply: async (applied) => {
        const command = recoverCommand(name, backup_id, path, params)
        const answer = await runBarman(applied, params, sh`timeout -k 60 ${timeout} ${command}`, {
          does: `the restore of ${backup_id}`,
          seconds: timeout + 120,
        })
        if (answer.status === 0) return { report: linesOf(answer) }
        throw new HostwrightError(`backup ${backup_id} of ${name} could not be restored: ${complaintOf(answer)}`, {
          host: host.name,
          next: `remove what was restored so far (${path}) before running again`,
          data: { lines: linesOf(answer) },
        })
      },
    })
  },
})
