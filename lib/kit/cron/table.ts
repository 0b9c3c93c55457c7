import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { ChangedSincePlan } from '../../host/changed-since.ts'
import type { Host, HostReader } from '../../host/host.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { sh, type Script } from '../../quote.ts'
import { digest } from '../../digest.ts'

/** Where jobs are kept: a user's crontab, reached through the `crontab` command, or a file for cron. */
export interface CrontabPlace {
  /** Its name in diffs and errors. */
  readonly of: string
  /** Its text; undefined if there is none. */
  read(host: HostReader): Promise<string | undefined>
  /** Replaces it, if it is still what was read before: `before`. */
  write(host: Host, text: string, before: string | undefined, backup: boolean): Promise<string | undefined>
  /** Removes it, where that is possible. */
  readonly remove?: (host: Host) => Promise<void>
}

/** A file for cron: an absolute path, or a name in /etc/cron.d. */
export function fileTable(name: string): CrontabPlace {
  const path = name.startsWith('/') ? name : posix.join('/etc/cron.d', name)
  return {
    of: path,
    read: async (host) => {
      const text = (await host.files.read(path))?.toString()
      return text === undefined ? undefined : whole(host, path, text)
    },
    write: (host, text, _before, backup) => host.files.write(path, Buffer.from(text), { backup }),
    remove: (host) => host.files.remove(path),
  }
}

/** The crontab of a user; of the task's own user by default. */
export function userTable(user: string | undefined): CrontabPlace {
  const command = (host: HostReader, action: string): Script =>
    user === undefined || user === host.user ? sh`crontab ${action}` : sh`crontab -u ${user} ${action}`
  const of = `crontab of ${user ?? 'the user'}`
  /** The same crontab is reached as one's own and as another user's. */
  const name = (host: HostReader) => `crontab of ${user ?? host.user}`
  return {
    of,
    read: async (host) => {
      const { status, stdout, stderr } = await host.ask(command(host, '-l'), { about: name(host) })
      if (status === 0) return whole(host, `the ${of}`, stdout)
      if (status === 127)
        throw new Unreadable('the command crontab is not installed', 'package', {
          host: host.name,
          next: 'install cron in an earlier task, or use cron_file',
        })
      if (/no crontab/i.test(stderr)) return undefined
      throw crontabError(host, `the ${of} cannot be read`, stderr)
    },
    write: async (host, text, before) => {
      const script = replaceScript(command(host, '-l'), command(host, '-'), before ?? '')
      const { status, stderr } = await host.run(script, {
        input: text,
        effect: { kind: 'file', name: name(host) },
        leaves: text,
      })
      if (status === changedSince)
        throw new ChangedSincePlan(`the ${of} was changed by others while the task was planned`, { host: host.name })
      if (status !== 0) throw crontabError(host, `the ${of} cannot be written`, stderr)
      return undefined
    },
  }
}

const changedSince = 75

/**
 * The command crontab does not compare. So the comparison is made here, under a lock: of two runs, the second sees what the first wrote. The lock is on a
 * folder that only root (or the crontab's own user) opens. Without the lock, the comparison still catches most conflicts.
 */
function replaceScript(list: Script, install: Script, before: string): Script {
  const sum = digest(before)
  return sh`for d in /var/spool/cron/crontabs /var/spool/cron "$HOME"; do
  [ -d "$d" ] && [ -r "$d" ] && exec 9<"$d" && timeout 10 flock 9 && break
done 2>/dev/null
now=$(${list} 2>/dev/null | sha256sum) || exit
[ "\${now%% *}" = ${sum} ] || exit ${changedSince}
${install}`
}

/** Lines that are not UTF-8 must not be changed. */
function whole(host: HostReader, what: string, text: string): string {
  if (!text.includes('\ufffd')) return text
  throw new HostwrightError(`${what} holds bytes that are no UTF-8`, {
    host: host.name,
    next: 'look for them (grep -naxv ".*"), and save it as UTF-8',
  })
}

/** The last line tells why, except where lines of the crontab were refused: they are named before it. */
function crontabError(host: HostReader, what: string, stderr: string): HostwrightError {
  const refused = /^".*":\d+: .*$/m.exec(stderr)?.[0]
  return new HostwrightError(`${what}: ${refused ?? stderr.trim().split('\n').at(-1) ?? ''}`, {
    host: host.name,
    next:
      refused === undefined
        ? 'look at the user name and at /etc/cron.allow; another user than the own one takes become: true'
        : 'correct the job and its times; crontab takes no command that starts with *',
    data: { stderr: stderr.trim() },
  })
}
