import {
  change,
  choice,
  defineModule,
  HostwrightError,
  listOf,
  optional,
  secret,
  Type,
  unchanged,
  Unreadable,
  withDefault,
  type HostReader,
  type Read,
  type UserState,
} from '../lib/index.ts'
import { fieldComplaint, nameComplaint } from '../lib/kit/accounts/account-name.ts'
import { userChanges, userDiff, type Wish } from '../lib/kit/accounts/wanted-account.ts'

const params = {
  name: Type.String({ description: 'The name of the account.', minLength: 1 }),
  state: withDefault(choice(['present', 'absent'], { description: 'Whether the account is to be there.' }), 'present'),
  uid: optional(Type.Integer({ description: 'The number of the account; the host chooses by default.', minimum: 0 })),
  group: optional(Type.String({ description: 'The primary group; a new user gets one of their own name.' })),
  groups: optional(
    listOf(Type.String(), { description: 'Supplementary groups: these and no others, unless `append`.' }),
  ),
  append: withDefault(Type.Boolean({ description: 'Only add to the groups.' }), false),
  comment: optional(Type.String({ description: 'The full name, as a rule.' })),
  home: optional(Type.String({ description: 'The home folder.' })),
  create_home: withDefault(Type.Boolean({ description: 'Make the home of a new user.' }), true),
  move_home: withDefault(Type.Boolean({ description: 'When `home` changes, take along what is there.' }), false),
  skeleton: optional(Type.String({ description: 'Files for a new home; needs `create_home`.' })),
  shell: optional(Type.String({ description: 'The login shell.' })),
  system: withDefault(Type.Boolean({ description: 'A new user gets a number of the system range.' }), false),
  password: optional(secret({ description: 'The hash, as crypt(3) makes it; `*` or `!` for none.' })),
  update_password: withDefault(
    choice(['always', 'on_create'], { description: '`on_create` sets the password of a new account only.' }),
    'always',
  ),
  password_lock: optional(
    Type.Boolean({ description: 'Whether the password is locked, so that nobody can log in with it.' }),
  ),
  expires: optional(Type.Number({ description: 'Seconds since the epoch when the account ends; -1 for never.' })),
  non_unique: withDefault(Type.Boolean({ description: 'Another user may have the same uid.' }), false),
  remove: withDefault(Type.Boolean({ description: 'With `absent`: the home too.' }), false),
  force: withDefault(Type.Boolean({ description: 'With `absent`: even while they are logged in.' }), false),
}

/** The properties of an account, under the names of the parameters. */
export interface UserResult {
  /** The account. */
  readonly name: string
  /** Whether it is there. */
  readonly state: 'present' | 'absent'
  /** Numbers are known once the account is there. */
  readonly uid?: number
  /** Its primary group. */
  readonly group?: number
  /** The other groups that were asked for. */
  readonly groups?: string
  /** Its full name. */
  readonly comment?: string
  /** Its home folder. */
  readonly home?: string
  /** Its shell. */
  readonly shell?: string
  /** Whether it is a system account. */
  readonly system?: boolean
}

/**
 * An account of the host's own.
 *
 * The password is a hash, and travels on standard input: neither the argument list of a process nor a diff shows it. Where the shadow file cannot be read (no
 * root), a password counts as different.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/user_module.html
 *
 * @throws when a group does not exist, a uid is taken, or the account is in use and is to go.
 * @example
 * user({ name: 'barman', system: true, home: '/var/lib/barman', shell: '/bin/bash', groups: ['ssl-cert'], append: true })
 */
export const user = defineModule({
  name: 'user',
  summary: 'Makes, changes and removes user accounts.',
  params,
  examples: [
    { name: 'An account', params: { name: 'carla', comment: 'Carla Example', shell: '/bin/bash', groups: ['adm'] } },
    { name: 'One more group', params: { name: 'carla', groups: ['users'], append: true } },
    { name: 'Nobody logs in with a password', params: { name: 'carla', password: '*' } },
    { name: 'Gone, with the home', params: { name: 'carla', state: 'absent', remove: true } },
  ],
  check: (given) => [
    ...nameComplaint('name', given.name),
    ...wantedGroups(given.groups).flatMap((name) => nameComplaint('groups', name)),
    ...(given.group === undefined || /^\d+$/.test(given.group) ? [] : nameComplaint('group', given.group)),
    ...fieldComplaint('comment', given.comment),
    ...fieldComplaint('home', given.home),
    ...fieldComplaint('shell', given.shell),
    ...fieldComplaint('skeleton', given.skeleton),
    ...passwordComplaint(given.password?.reveal()),
    ...(given.move_home && given.home === undefined ? ['"move_home" needs "home"'] : []),
  ],
  plan: async (given, host) => {
    const { name, state } = given
    const is = await host.users.user(name)
    const of = `user ${name}`
    if (state === 'absent') {
      if (is === undefined) return unchanged<UserResult>({ name, state })
      return change<UserResult>({
        diff: [{ of, before: { state: 'present', uid: is.uid, home: is.home }, after: { state: 'absent' } }],
        result: { name, state },
        apply: ({ users }) => users.removeUser(name, { removeHome: given.remove, force: given.force }),
      })
    }
    const wish = wishOf(given)
    const changes = is === undefined ? wish : userChanges(is, wish)
    await groupsExist([...(changes.group === undefined ? [] : [changes.group]), ...(changes.groups ?? [])], host)
    if (is === undefined)
      return change<UserResult>({
        diff: [{ of, ...userDiff(undefined, wish) }],
        result: { name, state, ...asked(given) },
        apply: async ({ users }) => {
          await users.createUser(name, wish)
          return resultOf(await users.user(name))
        },
      })
    if (Object.keys(changes).length === 0) return unchanged<UserResult>({ name, state, ...resultOf(is) })
    return change<UserResult>({
      diff: [{ of, ...userDiff(is, changes) }],
      result: { name, state, ...resultOf(is), ...asked(given) },
      apply: async ({ users }) => {
        await users.changeUser(name, { ...changes, moveHome: given.move_home, nonUnique: given.non_unique })
        const now = await users.user(name)
        if (now === undefined) throw new HostwrightError(`user ${name} vanished while being changed`)
        return resultOf(now)
      },
    })
  },
})

function wishOf(given: Read<typeof params>): Wish {
  return {
    uid: given.uid,
    group: given.group,
    groups: given.groups === undefined ? undefined : wantedGroups(given.groups),
    append: given.append,
    comment: given.comment,
    home: given.home,
    shell: given.shell,
    passwordHash: given.password?.reveal(),
    updatePassword: given.update_password,
    locked: given.password_lock,
    system: given.system ? true : undefined,
    createHome: given.create_home,
    expires: given.expires === undefined ? undefined : given.expires < 0 ? -1 : Math.floor(given.expires / 86_400),
    nonUnique: given.non_unique,
    skeleton: given.skeleton,
  }
}

/** An empty text is no group: `groups: ''` asks for none. */
const wantedGroups = (groups: readonly string[] = []): readonly string[] => groups.filter((name) => name !== '')

/** useradd would refuse later; check mode tells now. */
async function groupsExist(names: readonly string[], host: HostReader): Promise<void> {
  const found = await Promise.all(names.map((name) => host.users.group(name)))
  const missing = names.filter((_, i) => found[i] === undefined)
  if (missing.length > 0)
    throw new Unreadable(`there is no group ${missing.join(', ')} on the host`, 'user', {
      next: 'make it in an earlier task: group({ name })',
    })
}

/** The result for an account before it is made. */
function asked({ uid, comment, home, shell }: Read<typeof params>): Partial<UserResult> {
  const known = { uid, comment, home, shell }
  return Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined))
}

function resultOf(is: UserState | undefined): Partial<UserResult> {
  if (is === undefined) return {}
  const { uid, gid, groups, comment, home, shell } = is
  return {
    ...(uid < 0 ? {} : { uid }),
    ...(gid < 0 ? {} : { group: gid }),
    groups: groups.join(','),
    comment,
    home,
    shell,
  }
}

/** A password in plain text would stand in the shadow file for all who can read it, and let nobody in. */
function passwordComplaint(hash: string | undefined): readonly string[] {
  if (hash === undefined || /^(!*\$[0-9a-z]+\$[^:\n\s]+|[*!x]+[^:\n\s]*|[./0-9A-Za-z]{13}|)$/.test(hash)) return []
  return ['"password" must be a hash as crypt(3) makes it (mkpasswd, openssl passwd -6), not the password itself']
}
