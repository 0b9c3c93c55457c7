import { defined } from '../../../defined.ts'
import { HostwrightError } from '../../../error.ts'
import type { HostShell } from '../../host-shell.ts'
import { Unreadable } from '../../unreadable.ts'
import { parentOf } from '../host-path.ts'
import { lastLine } from '../../last-line.ts'

/** How it went wrong on the host: the exit status of our script and what the tools said in English. */
export interface Trouble {
  readonly status: number
  readonly stderr: Buffer
}

interface Reading {
  readonly pattern: RegExp
  /** Goes on after "could not … PATH:", so that the path is named once. */
  readonly says: (user: string, said: string) => string
  readonly next: (path: string, user: string) => string
}

const readings: readonly Reading[] = [
  {
    pattern: /another account (may have put|moved or replaced)/,
    says: (_user, said) => `${lastLine(said)}, and root does not follow it`,
    next: () =>
      'look at who owns that folder; remove the link, or name the place that it leads to, or become_user its owner',
  },
  {
    pattern: /No space left on device|Disk quota exceeded/i,
    says: () => 'there is no space left',
    next: (path) => `free some space on the file system of ${parentOf(path)}; the file itself was left as it was`,
  },
  {
    pattern: /Read-only file system/i,
    says: () => 'it is on a read-only file system',
    next: () => 'mount it writable, or choose another path',
  },
  {
    pattern: /invalid (user|group|spec)|unknown (user|group)/i,
    says: (_user, said) => `the owner or group is not known on the host (${lastLine(said)})`,
    next: () => 'create the user or group in an earlier task',
  },
  {
    pattern: /Permission denied|Operation not permitted/i,
    says: (user) => `${user} may not do this`,
    next: (path, user) =>
      user === 'root'
        ? `look at its attributes with lsattr ${path}, and at SELinux or AppArmor`
        : 'set become: true on the play or task, or become_user to its owner',
  },
  {
    pattern: /Device or resource busy|Text file busy/i,
    says: () => 'it is in use and cannot be replaced',
    next: () => 'is it mounted there (as in a container)? unsafe_writes: true overwrites it in place',
  },
  {
    pattern: /Too many (levels of )?symbolic links/i,
    says: () => 'the symbolic links there go in a circle',
    next: () => 'remove the link in an earlier task',
  },
  {
    pattern: /Is a directory/i,
    says: () => 'it is a directory',
    next: () => 'name a file in it, or remove the directory in an earlier task',
  },
  {
    pattern: /File name too long/i,
    says: () => 'the name is too long for its file system',
    next: () => 'choose a shorter name',
  },
]

/** What the host's tools said, as an error that says what to do next. `doing` completes "could not …" and names the path. */
export function fileTrouble(
  hostShell: Pick<HostShell, 'name' | 'user'>,
  doing: string,
  path: string,
  trouble: Trouble,
): Error {
  const said = trouble.stderr.toString().trim()
  const data = { stderr: said, status: trouble.status }
  const reading = readings.find(({ pattern }) => pattern.test(said))
  if (reading !== undefined)
    return new HostwrightError(`could not ${doing}: ${reading.says(hostShell.user, said)}`, {
      host: hostShell.name,
      next: reading.next(path, hostShell.user),
      data,
    })
  if (isMissing(trouble))
    return new Unreadable(`could not ${doing}: it is not there, or a folder on the way to it is missing`, 'file', {
      host: hostShell.name,
      next: 'make it in an earlier task (file: state directory), or correct the path',
      data,
    })
  return new HostwrightError(`could not ${doing}${said === '' ? '' : `: ${lastLine(said)}`}`, {
    host: hostShell.name,
    next: `look at ${path} on the host`,
    data,
  })
}

/** Did the tool say that nothing is there? */
export function isMissing({ stderr }: Trouble): boolean {
  return /No such file or directory|Not a directory|nonexistent directory/i.test(stderr.toString())
}

/** Does every line of the error say that something is missing? */
export function saysOnlyMissing({ status, stderr }: Trouble): boolean {
  const said = stderr.toString().trim().split('\n')
  return said.every((line) => isMissing({ status, stderr: Buffer.from(line) }))
}

export function isADirectory(path: string, host?: string): HostwrightError {
  return new HostwrightError(`${path} is a directory`, {
    ...defined({ host }),
    next: 'name a file in it, or remove the directory in an earlier task',
  })
}

/** The folder that a file is to be written to is missing. */
export function noFolder(path: string): HostwrightError {
  return new HostwrightError(`could not write ${path}: there is no folder ${parentOf(path)}`, {
    next: 'make it in an earlier task (file: state directory), or correct the path',
  })
}
