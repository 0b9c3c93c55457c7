import {
  change,
  choice,
  defineModule,
  optional,
  Type,
  unchanged,
  unknownText,
  withDefault,
  type Plan,
} from '../lib/index.ts'
import { secondsIn, showAge } from '../lib/kit/barman/age.ts'
import { backupWork } from '../lib/kit/barman/backup-plan.ts'
import { endOf, readCatalogue, type Backup } from '../lib/kit/barman/catalogue.ts'
import { placeParams, serverParams, timeoutParam } from '../lib/kit/barman/params.ts'
import { awaitReady, finishBackup, judged, removeBackup, takeBackup } from '../lib/kit/barman/take.ts'

/** The result of `barman_backup`. */
export interface BarmanBackupResult {
  /** The newest backup: its id as barman names it, `20261120T080505`. */
  readonly backup_id: string
  /** DONE; WAITING_FOR_WALS when `wait` is off. */
  readonly status: string
  /** When it began. */
  readonly begin_time: string
  /** When it ended. */
  readonly end_time: string
  /** Bytes. */
  readonly size: number
  /** What barman said while it took the backup; empty when it took none. */
  readonly report: readonly string[]
}

/**
 * A backup of a server. Takes one when there is none that counts: none at all, or none younger than `max_age`. What is there is read from barman's own files,
 * barman is not started.
 *
 * First everything `barman check` says must be in order, as far as it concerns taking backups; a server that just restarts is waited for. Then `barman backup`
 * runs, its output shown live, and is stopped after `timeout`. With `wait`, the WAL it needs is brought in until the backup is DONE: on an idle server that
 * takes a switch of WAL files.
 *
 * Backups that failed are removed once there is a good one: nothing can be restored from them, and `barman check` fails as long as they are there.
 *
 * Follows barman-backup(1), https://docs.pgbarman.org
 *
 * @throws naming each line of `barman check` that is in the way, or with barman's own words when the backup fails.
 * @example
 * barman_backup({ name: 'pg1', max_age: '1d' })
 */
export const barman_backup = defineModule({
  name: 'barman_backup',
  summary: 'A backup of a server by barman.',
  params: {
    ...serverParams,
    state: withDefault(choice(['present'], { description: 'There is a backup.' }), 'present'),
    max_age: optional(
      Type.String({ description: 'How old the newest may be: `12h`, `1d`, `2w`. Any age, when left out.' }),
    ),
    force: withDefault(Type.Boolean({ description: 'Take a backup now. Then it always changes.' }), false),
    wait: withDefault(Type.Boolean({ description: 'Wait until all the WAL it needs is archived.' }), true),
    wait_timeout: withDefault(Type.Integer({ minimum: 1, description: 'How long, in seconds.' }), 300),
    immediate_checkpoint: withDefault(
      Type.Boolean({ description: 'Begin with a fast checkpoint, instead of one spread over minutes.' }),
      false,
    ),
    remove_failed: withDefault(Type.Boolean({ description: 'Remove backups that failed.' }), true),
    ...timeoutParam(14_400, 'How long copying may take.'),
    ...placeParams,
  },
  concurrent: true,
  examples: [
    { name: 'A first backup', params: { name: 'pg1', immediate_checkpoint: true } },
    { name: 'None older than a day', params: { name: 'pg1', max_age: '1d' } },
  ],
  check: ({ max_age }) =>
    max_age !== undefined && secondsIn(max_age) === undefined
      ? ['"max_age" must be a number and a unit: 90s, 30m, 12h, 1d, 2w']
      : [],
  plan: async (params, host): Promise<Plan<BarmanBackupResult>> => {
    const { name, wait, force, wait_timeout, timeout, immediate_checkpoint: fast, max_age } = params
    const catalogue = await readCatalogue(host, params)
    const maxAge = max_age === undefined ? undefined : secondsIn(max_age)
    const work = backupWork(catalogue, { maxAge, force, wait, removeFailed: params.remove_failed })
    const { take, latest, finish, remove } = work
    if (!take && !finish && remove.length === 0) return unchanged(resultOf(latest))
    const age = latest === undefined ? 'none' : `${latest.backup_id} (${showAge(catalogue.now - endOf(latest))} old)`
    return change({
      diff: [
        {
          of: `backups of ${name}`,
          before: {
            newest: age,
            ...(finish ? { status: latest?.status } : {}),
            ...(remove.length === 0 ? {} : { failed: remove.map(({ backup_id }) => backup_id).join(' ') }),
          },
          after: {
            newest: take ? 'taken now' : age,
            ...(finish ? { status: 'DONE' } : {}),
            ...(remove.length === 0 ? {} : { failed: 'none' }),
          },
        },
      ],
      result: take ? fresh : { ...resultOf(latest), ...(finish ? { status: 'DONE' } : {}) },
      apply: async (applied): Promise<Partial<BarmanBackupResult>> => {
        let report: readonly string[] = []
        let id = latest?.backup_id ?? ''
        if (take) {
          await awaitReady(applied, params, 90)
          const taken = await takeBackup(applied, params, { seconds: timeout, fast })
          ;({ id, report } = taken)
        }
        const backup =
          id === ''
            ? undefined
            : take || finish
              ? wait
                ? await finishBackup(applied, params, id, wait_timeout)
                : await judged(applied, params, id)
              : latest
        for (const { backup_id } of remove) await removeBackup(applied, params, backup_id)
        return backup === undefined ? {} : { ...resultOf(backup), report }
      },
    })
  },
})

const fresh: BarmanBackupResult = {
  backup_id: unknownText('the id of the new backup'),
  status: 'DONE',
  begin_time: unknownText('the time of the new backup'),
  end_time: unknownText('the time of the new backup'),
  size: 0,
  report: [],
}

function resultOf(backup: Backup | undefined): BarmanBackupResult {
  if (backup === undefined) return { backup_id: '', status: '', begin_time: '', end_time: '', size: 0, report: [] }
  const { backup_id, status, begin_time, end_time, size } = backup
  return { backup_id, status, begin_time, end_time, size, report: [] }
}
