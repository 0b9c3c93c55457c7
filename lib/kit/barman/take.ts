import { setTimeout as sleep } from 'node:timers/promises'
import { HostwrightError } from '../../error.ts'
import type { Host } from '../../host/host.ts'
import { raw, sh } from '../../quote.ts'
import { catalogueScript, parseCatalogue, type Backup } from './catalogue.ts'
import { adviceFor, inTheWay, mayPass, parseCheck, showFailed } from './check-lines.ts'
import { complaintOf, linesOf, runBarman } from './command.ts'
import type { Place } from './params.ts'
import { switchWal } from './switch.ts'

/**
 * Waits until nothing is in the way of a backup: one begun without WAL coming in would hang without a word. A restart of the server ends receive-wal, which
 * `barman cron` starts again.
 */
export async function awaitReady(host: Host, place: Place, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const answer = await runBarman(host, place, sh`barman check ${place.name} </dev/null`, {
      does: 'a check',
      seconds: 90,
    })
    const found = parseCheck(answer.stdout)
    const failed = inTheWay(found.failed)
    if (failed.length === 0 && (answer.status === 0 || found.failed.length > 0)) return
    if (!mayPass(failed) || failed.length === 0 || Date.now() > end)
      throw new HostwrightError(
        `no backup of ${place.name} can be taken: ${failed.length === 0 ? complaintOf(answer) : showFailed({ ...found, failed })}`,
        { host: host.name, next: adviceFor(failed), data: { lines: linesOf(answer) } },
      )
    await runBarman(host, place, sh`barman -q cron </dev/null`, { does: 'barman cron', seconds: 60 })
    await sleep(500)
  }
}

/** Takes a backup. Gives its id and what barman said; no id in a simulated run. */
export async function takeBackup(
  host: Host,
  place: Place,
  { seconds, fast }: { readonly seconds: number; readonly fast: boolean },
): Promise<{ readonly id: string; readonly report: readonly string[] }> {
  const answer = await runBarman(
    host,
    place,
    sh`timeout -k 60 ${seconds} barman backup ${fast ? raw('--immediate-checkpoint ') : raw('')}${place.name} </dev/null`,
    { does: 'a backup', seconds: seconds + 120 },
  )
  const report = linesOf(answer)
  if (answer.status === 0) return { id: startedBackup(answer.stdout), report }
  const late = answer.status === 124 || answer.status === 137
  throw new HostwrightError(
    late
      ? `the backup of ${place.name} was not finished within ${seconds} seconds, and was stopped`
      : `the backup of ${place.name} failed: ${complaintOf(answer)}`,
    {
      host: host.name,
      next: late
        ? 'see that archive_command of the server works (pg_stat_archiver): a backup waits for it for ever; or raise "timeout"'
        : `see /var/log/barman/barman.log on the host, and run it there: sudo -u ${place.barman_user} barman backup ${place.name}`,
      data: { lines: report },
    },
  )
}

/** The id in `Starting backup using postgres method for server pg1 in /var/lib/barman/pg1/base/20261120T080505`. */
export function startedBackup(output: string): string {
  return /^Starting backup .*\/(\d{8}T\d{6})\s*$/m.exec(output)?.[1] ?? ''
}

/**
 * Brings a backup that waits for WAL to DONE. `barman backup --wait` does not get there by itself on an idle server of PostgreSQL 17: barman then waits for the
 * WAL file after the last one that the backup needs. So the server is made to switch.
 *
 * @returns undefined in a simulated run.
 */
export async function finishBackup(host: Host, place: Place, id: string, seconds: number): Promise<Backup | undefined> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const backup = await judged(host, place, id)
    if (backup?.status !== 'WAITING_FOR_WALS') return backup
    if (Date.now() > end)
      throw new HostwrightError(`backup ${id} of ${place.name} still waits for WAL up to ${backup.end_wal}`, {
        host: host.name,
        next: `see what \`barman check ${place.name}\` says, and run again: the backup is kept`,
      })
    await switchWal(host, place, Math.max(10, Math.ceil((end - Date.now()) / 1000)))
  }
}

/** Lets barman look whether a backup has all its WAL, and reads what it then wrote down. */
export async function judged(host: Host, place: Place, id: string): Promise<Backup | undefined> {
  const script = sh`barman check-backup ${place.name} ${id} </dev/null >&2
${catalogueScript(place, id)}`
  const answer = await runBarman(host, place, script, { does: 'a look at the backup', seconds: 90 })
  return parseCatalogue(answer.stdout).backups[0]
}

/** Removes a backup. Throws with barman's words when barman cannot. */
export async function removeBackup(host: Host, place: Place, id: string): Promise<void> {
  const answer = await runBarman(host, place, sh`barman delete ${place.name} ${id} </dev/null`, {
    does: `the removal of backup ${id}`,
    seconds: 600,
  })
  if (answer.status === 0) return
  throw new HostwrightError(`the failed backup ${id} of ${place.name} cannot be removed: ${complaintOf(answer)}`, {
    host: host.name,
    next: `run it on the host: sudo -u ${place.barman_user} barman delete ${place.name} ${id}`,
  })
}
