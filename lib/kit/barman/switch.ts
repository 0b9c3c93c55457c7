import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { Answer, Host } from '../../host/host.ts'
import { raw, sh, type Script } from '../../quote.ts'
import { adviceFor, parseCheck, showFailed } from './check-lines.ts'
import { complaintOf, linesOf, runBarman } from './command.ts'
import { directoryOf, type Place } from './params.ts'

/** What a switch to a new WAL file came to. */
export interface Switched {
  /** The WAL file that was closed; empty when none was (the server is a standby). */
  readonly wal: string
  /** What barman said. */
  readonly report: readonly string[]
}

/**
 * Lets the server close its WAL file and waits until barman has archived it. Starts `barman cron` first, which starts receive-wal; tries again while there is
 * time, because receive-wal may only just have come back.
 */
export async function switchWal(host: Host, place: Place, seconds: number): Promise<Switched> {
  const end = Date.now() + seconds * 1000
  const attempt = Math.max(1, Math.ceil(seconds / 2))
  for (let force = true; ;) {
    const left = Math.max(1, Math.min(attempt, Math.ceil((end - Date.now()) / 1000)))
    const answer = await runBarman(host, place, archiveScript(place, left, force), {
      does: 'the first archived WAL',
      seconds: left * 2 + 90,
    })
    if (answer.status === 0) return { wal: closedWal(answer.stdout), report: linesOf(answer) }
    // barman 3.4 wants a superuser for the checkpoint of --force, though not for the switch: there mostly is something to switch without one.
    if (force && needsSuperuser(answer)) force = false
    else if (!notReceived(answer) || Date.now() >= end) throw await failure(host, place, answer)
  }
}

/** Which WAL file `barman switch-wal` closed. */
export function closedWal(output: string): string {
  return /^The WAL file (\S+) has been closed/m.exec(output)?.[1] ?? ''
}

export function needsSuperuser(answer: Pick<Answer, 'stdout' | 'stderr'>): boolean {
  return /requires superuser rights/.test(answer.stderr + answer.stdout)
}

export function notReceived(answer: Pick<Answer, 'stdout' | 'stderr'>): boolean {
  return /has not been received in \d+ seconds/.test(answer.stderr + answer.stdout)
}

/**
 * barman archives a streamed WAL file only once the next one has begun, and on an idle server that takes until its background writer's next word, 15 seconds
 * and more. So while barman waits, an empty transaction makes the server begin it. One before gives a switch without a checkpoint something to switch.
 */
export function archiveScript(place: Place, seconds: number, force: boolean): Script {
  const { name } = place
  const wait = Math.min(seconds, 30)
  return sh`barman -q cron </dev/null
conninfo=$(${configValue(name, 'conninfo')})
nudge() {
  [ -n "$conninfo" ] && command -v psql >/dev/null 2>&1 &&
    PGCONNECT_TIMEOUT=5 psql -wXqAt -d "$conninfo" -c 'SELECT txid_current()' >/dev/null 2>&1
}
beat=0
case $(${configValue(name, 'streaming_archiver')}) in
  [Oo][Nn] | [Tt]* | [Yy]* | 1)
    until ls ${posix.join(directoryOf(place), 'streaming')}/*.partial >/dev/null 2>&1; do
      beat=$((beat + 1))
      [ "$beat" -gt ${wait * 4} ] && break
      [ "$beat" -gt 8 ] && nudge
      sleep 0.25
    done
    ;;
esac
nudge
timeout -k 10 ${seconds + 60} barman switch-wal ${force ? raw('--force ') : raw('')}--archive --archive-timeout ${seconds} ${name} &
barman=$!
beat=0
while sleep 0.25; kill -0 "$barman" 2>/dev/null; do
  beat=$((beat + 1))
  [ "$beat" -lt 40 ] && nudge
done
wait "$barman"`
}

/** Prints what barman's configuration says of a server; nothing when it says nothing. */
export function configValue(server: string, option: string): Script {
  return sh`awk -v section=${`[${server}]`} -v option=${option} '
    /^[ \\t]*\\[/ { line = $0; gsub(/[ \\t\\r]/, "", line); inside = (line == section) }
    inside && match($0, "^[ \\t]*" option "[ \\t]*[=:][ \\t]*") {
      value = substr($0, RLENGTH + 1); sub(/[ \\t\\r]+$/, "", value)
      if (value ~ /^".*"$/ || value ~ /^\\047.*\\047$/) value = substr(value, 2, length(value) - 2)
      print value; exit
    }' /etc/barman.conf /etc/barman.d/*.conf 2>/dev/null`
}

async function failure(host: Host, place: Place, answer: Answer): Promise<HostwrightError> {
  const { name } = place
  const checked = await runBarman(host, place, sh`barman check ${name} </dev/null`, { does: 'a check', seconds: 60 })
  const report = parseCheck(checked.stdout)
  const failed = report.failed.filter((line) => line !== 'WAL archive')
  const why = failed.length === 0 ? '' : `; barman check says: ${showFailed({ ...report, failed })}`
  return new HostwrightError(`no WAL of ${name} was archived: ${complaintOf(answer)}${why}`, {
    host: host.name,
    next: needsSuperuser(answer)
      ? "grant pg_checkpoint to barman's role; barman 3.4 wants it to be a superuser"
      : adviceFor(failed),
    data: { lines: linesOf(answer), ...(checked.stdout === '' ? {} : { check: report.report }) },
  })
}
