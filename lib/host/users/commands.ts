import { defined } from '../../defined.ts'
import { sh, type Script } from '../../quote.ts'
import type { UserState, WantedUser } from './users.ts'

type Flags = readonly (string | number)[]

/** Attribute → option; useradd and usermod spell them alike. */
const options: readonly ((wanted: WantedUser) => Flags | undefined)[] = [
  ({ uid }) => (uid === undefined ? undefined : ['--uid', uid]),
  ({ nonUnique }) => (nonUnique === true ? ['--non-unique'] : undefined),
  ({ group }) => (group === undefined ? undefined : ['--gid', group]),
  ({ groups }) => (groups === undefined ? undefined : ['--groups', groups.join(',')]),
  ({ comment }) => (comment === undefined ? undefined : ['--comment', comment]),
  ({ home }) => (home === undefined ? undefined : ['--home-dir', home]),
  ({ shell }) => (shell === undefined ? undefined : ['--shell', shell]),
  ({ expires }) => (expires === undefined ? undefined : ['--expiredate', expires < 0 ? '' : isoDay(expires)]),
]

const flagsOf = (wanted: WantedUser): Flags => options.flatMap((option) => option(wanted) ?? [])

/** The hash follows on standard input, as {@link passwordInput} writes it, so that no argument list shows it. */
export function createUserScript(name: string, wanted: WantedUser): Script {
  const flags: Flags = [
    ...flagsOf(wanted),
    ...(wanted.system === true ? ['--system'] : []),
    wanted.createHome === false ? '--no-create-home' : '--create-home',
    ...(wanted.skeleton === undefined ? [] : ['--skel', wanted.skeleton]),
  ]
  // As Ansible does: an existing group of the user's name becomes the primary one, where useradd alone would refuse.
  const sameName =
    wanted.group === undefined
      ? sh`$(getent group ${name} | grep -q "^"${name}: && echo --no-user-group --gid ${name})`
      : sh``
  return sh`useradd ${flags} ${sameName} -- ${name} || exit
${passwordAndLock(name, wanted)}`
}

export function changeUserScript(name: string, wanted: WantedUser): Script {
  const flags: Flags = flagsOf(wanted).map((flag) => (flag === '--home-dir' ? '--home' : flag))
  const move = wanted.home !== undefined && wanted.moveHome === true ? ['--move-home'] : []
  const change = flags.length === 0 ? sh`:` : sh`usermod ${flags} ${move} -- ${name}`
  return sh`${change} || exit
${passwordAndLock(name, wanted)}`
}

function passwordAndLock(name: string, { passwordHash, locked }: WantedUser): Script {
  const set = passwordHash === undefined ? sh`` : sh`chpasswd -e || exit`
  const lock = locked === undefined ? sh`` : sh`usermod ${locked ? '--lock' : '--unlock'} -- ${name}`
  return sh`${set}
${lock}`
}

export function passwordInput(name: string, { passwordHash }: WantedUser): string {
  return passwordHash === undefined ? '' : `${name}:${passwordHash}\n`
}

/** What would be there after {@link createUserScript}; numbers are known only if they were given. */
export function userFrom(name: string, wanted: WantedUser, unknownId: number): UserState {
  return userAfter(
    {
      name,
      uid: unknownId,
      gid: unknownId,
      group: name,
      groups: [],
      comment: '',
      home: `/home/${name}`,
      shell: '/bin/sh',
      passwordHash: '!',
    },
    wanted,
    unknownId,
  )
}

/** What would be there after {@link changeUserScript}. */
export function userAfter(user: UserState, wanted: WantedUser, unknownId: number): UserState {
  const { expires: _, ...rest } = user
  const expires = wanted.expires ?? user.expires
  const hash = wanted.passwordHash ?? user.passwordHash
  const passwordHash =
    hash === undefined || wanted.locked === undefined
      ? hash
      : wanted.locked
        ? `!${hash.replace(/^!/, '')}`
        : hash.replace(/^!/, '')
  return {
    ...rest,
    uid: wanted.uid ?? user.uid,
    gid: wanted.group === undefined || wanted.group === user.group ? user.gid : unknownId,
    group: wanted.group ?? user.group,
    groups: [...(wanted.groups ?? user.groups)].sort(),
    comment: wanted.comment ?? user.comment,
    home: wanted.home ?? user.home,
    shell: wanted.shell ?? user.shell,
    ...defined({ passwordHash }),
    ...(expires === undefined || expires < 0 ? {} : { expires }),
  }
}

/** A number of days since the epoch as a date, which every version of usermod takes. */
function isoDay(days: number): string {
  return new Date(days * 86_400_000).toISOString().slice(0, 10)
}
