import { HostwrightError } from '../../error.ts'
import { sh, type Script } from '../../quote.ts'
import { inBatches } from '../batch.ts'
import { ChangedSincePlan } from '../changed-since.ts'
import type { HostShell } from '../host-shell.ts'
import { changeUserScript, createUserScript, passwordInput } from './commands.ts'
import { groupsScript, parseGroups, parseUsers, usersScript } from './query.ts'
import type { UserReader, UserWriter, WantedUser } from './users.ts'

/** Accounts of a real host, read through its name service. */
export function remoteUserReader(hostShell: HostShell): UserReader {
  const ask = async (script: Script) => (await hostShell.request(script)).stdout.toString()
  return {
    user: inBatches(async (names) => parseUsers(names, await ask(usersScript(names)))),
    group: inBatches(async (names) => parseGroups(names, await ask(groupsScript(names)))),
  }
}

/**
 * The same accounts, changed with the shadow tools.
 *
 * @see https://manpages.debian.org/useradd
 */
export function remoteUsers(hostShell: HostShell, reader: UserReader): UserWriter {
  const change = async (what: string, script: Script, input = '') => {
    const reply = await hostShell.request(script, { input, timeout: 300 })
    if (reply.status !== 0) throw accountError(hostShell, what, reply.status, reply.stderr.toString())
  }

  return {
    ...reader,
    createUser: (name, wanted: WantedUser) =>
      change(`create user ${name}`, createUserScript(name, wanted), passwordInput(name, wanted)),
    changeUser: (name, wanted) =>
      change(`change user ${name}`, changeUserScript(name, wanted), passwordInput(name, wanted)),
    removeUser: (name, { removeHome, force } = {}) => {
      const flags = [...(removeHome === true ? ['--remove'] : []), ...(force === true ? ['--force'] : [])]
      return change(`remove user ${name}`, sh`userdel ${flags} -- ${name}`)
    },
    createGroup: (name, { gid, system, nonUnique } = {}) => {
      const flags = [
        ...(gid === undefined ? [] : ['--gid', gid]),
        ...(system === true ? ['--system'] : []),
        ...(nonUnique === true ? ['--non-unique'] : []),
      ]
      return change(`create group ${name}`, sh`groupadd ${flags} -- ${name}`)
    },
    changeGroup: (name, { gid, nonUnique }) =>
      change(
        `change group ${name}`,
        sh`groupmod --gid ${gid} ${nonUnique === true ? ['--non-unique'] : []} -- ${name}`,
      ),
    removeGroup: (name, { force } = {}) =>
      change(`remove group ${name}`, sh`groupdel ${force === true ? ['--force'] : []} -- ${name}`),
  }
}

/** What the shadow tools' words mean for the user. */
const meanings: readonly (readonly [RegExp, string])[] = [
  [/Permission denied|cannot lock/, 'set become: true on the play or the task, or see who else changes accounts'],
  [/currently used by process (\d+)/, 'end its processes first, or set force'],
  [/not found|127/, 'install the shadow tools on the host (Debian: passwd, Alpine: shadow)'],
  [/group '?[^ ]+'? does not exist/, 'create the group first'],
  [/is not unique|already exists/, 'choose another number, or set non_unique'],
]

/** What the tools say when a name is there that was not, or the other way round, or when another tool is at work; a number that is taken is another matter. */
const overtaken: readonly RegExp[] = [
  /^useradd: user '[^']*' already exists/m,
  /^groupadd: group '[^']*' already exists/m,
  /^userdel: user '[^']*' does not exist/m,
  /^groupdel: group '[^']*' does not exist/m,
  // Not for "Permission denied": planning again would not help.
  /^(user|group)(add|mod|del): cannot lock /,
]

function accountError(hostShell: HostShell, what: string, status: number, words: string): HostwrightError {
  const said = words.trim()
  const next = meanings.find(([pattern]) => pattern.test(said))?.[1]
  // Another run made or removed it after the plan: the task plans again.
  const Trouble = overtaken.some((pattern) => pattern.test(said)) ? ChangedSincePlan : HostwrightError
  return new Trouble(`cannot ${what}: ${said === '' ? `status ${status}` : said}`, {
    host: hostShell.name,
    next: next ?? 'see what the host says above',
    data: { rc: status, stderr: said },
  })
}
