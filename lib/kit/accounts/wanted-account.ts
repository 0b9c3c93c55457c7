import type { UserState, WantedUser } from '../../host/users/users.ts'
import type { Attributes } from '../../play/module.ts'

/** What the module was told of an account, in the form the host takes. */
export interface Wish extends WantedUser {
  /** Groups are added to those the account has. */
  readonly append: boolean
  /** Whether the password of a user that is there already is changed too. */
  readonly updatePassword: 'always' | 'on_create'
}

/** The wanted attributes that differ from the current ones; empty when none does. Pure. */
export function userChanges(is: UserState, wish: Wish): WantedUser {
  const groups = wish.groups === undefined ? undefined : wantedGroups(is, wish.groups, wish.append)
  const wanted = wish.updatePassword === 'always' ? wish.passwordHash : undefined
  const hash = wanted === undefined || sameHash(wanted, is.passwordHash, wish.locked) ? undefined : wanted
  const changes: WantedUser = {
    uid: differs(wish.uid, is.uid),
    group:
      wish.group === undefined || wish.group === is.group || wish.group === String(is.gid) ? undefined : wish.group,
    groups: groups === undefined || same(groups, is.groups) ? undefined : groups,
    comment: differs(wish.comment, is.comment),
    home: differs(wish.home, is.home),
    shell: differs(wish.shell, is.shell),
    passwordHash: hash,
    locked: wish.locked === undefined ? undefined : differs(wish.locked, isLocked(hash ?? is.passwordHash)),
    expires: differs(wish.expires, is.expires ?? -1),
  }
  return Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
}

/** The attributes that change, before and after, with passwords hidden. */
export function userDiff(is: UserState | undefined, changes: WantedUser): { before: Attributes; after: Attributes } {
  const before: Record<string, unknown> = is === undefined ? { state: 'absent' } : {}
  const after: Record<string, unknown> = is === undefined ? { state: 'present' } : {}
  for (const [name, value] of Object.entries(changes)) {
    const show = shown[name]
    if (value === undefined || show === undefined) continue
    after[show.as] = show.value?.(value, is) ?? value
    if (is !== undefined) before[show.as] = show.was(is)
  }
  return { before, after }
}

interface Shown {
  readonly as: string
  readonly was: (is: UserState) => unknown
  readonly value?: (value: unknown, is: UserState | undefined) => unknown
}

const day = (days: unknown): string =>
  typeof days === 'number' && days >= 0 ? new Date(days * 86_400_000).toISOString().slice(0, 10) : 'never'

const shown: Readonly<Record<string, Shown>> = {
  uid: { as: 'uid', was: ({ uid }) => uid },
  group: { as: 'group', was: ({ group }) => group },
  groups: { as: 'groups', was: ({ groups }) => groups },
  comment: { as: 'comment', was: ({ comment }) => comment },
  home: { as: 'home', was: ({ home }) => home },
  shell: { as: 'shell', was: ({ shell }) => shell },
  expires: { as: 'expires', was: ({ expires }) => day(expires), value: day },
  locked: { as: 'password_lock', was: ({ passwordHash }) => isLocked(passwordHash) },
  passwordHash: {
    as: 'password',
    was: () => '(hidden)',
    value: (_, is) => (is === undefined ? '(hidden)' : '(hidden, another)'),
  },
  system: { as: 'system', was: () => undefined },
}

function wantedGroups(is: UserState, wanted: readonly string[], append: boolean): readonly string[] {
  const all = append ? [...is.groups, ...wanted] : wanted
  return [...new Set(all)].filter((group) => group !== is.group).sort()
}

const isLocked = (hash: string | undefined): boolean => hash?.startsWith('!') === true

/** A locked account keeps its hash behind an exclamation mark. */
function sameHash(wanted: string, is: string | undefined, locked: boolean | undefined): boolean {
  if (is === undefined) return false
  return wanted === is || (locked !== false && wanted === is.replace(/^!+/, '') && isLocked(is) && locked === true)
}

function differs<T>(wanted: T | undefined, is: T): T | undefined {
  return wanted === undefined || wanted === is ? undefined : wanted
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((item, i) => item === b[i])
}
