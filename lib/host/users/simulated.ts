import type { Effect } from '../pending-effects.ts'
import { userAfter, userFrom } from './commands.ts'
import { unknownId, type GroupState, type UserReader, type UserState, type UserWriter } from './users.ts'

/** What a simulated run would have done to the accounts of one host. */
export interface UsersMemory {
  readonly users: Map<string, UserState | undefined>
  readonly groups: Map<string, GroupState | undefined>
}

export function usersMemory(): UsersMemory {
  return { users: new Map(), groups: new Map() }
}

/**
 * Accounts of a simulated run: what would be made or changed, remembered over what is. A user who would come with a package is not predicted: nobody knows
 * their home.
 */
export function simulatedUsers(
  real: UserReader,
  note: (effect: Effect) => void,
  { users, groups }: UsersMemory = usersMemory(),
): UserWriter {
  const rememberUser = (name: string, state: UserState | undefined) => {
    users.set(name, state)
    note({ kind: 'user', name })
  }
  const rememberGroup = (name: string, state: GroupState | undefined) => {
    groups.set(name, state)
    note({ kind: 'user', name })
  }
  const user = (name: string) => (users.has(name) ? Promise.resolve(users.get(name)) : real.user(name))
  const group = (name: string) => (groups.has(name) ? Promise.resolve(groups.get(name)) : real.group(name))

  return {
    user,
    group,
    createUser: async (name, wanted) => {
      const made = userFrom(name, wanted, unknownId)
      const primary = await group(made.group)
      if (primary === undefined) groups.set(made.group, { name: made.group, gid: unknownId, members: [] })
      rememberUser(name, { ...made, gid: primary?.gid ?? unknownId })
      if (wanted.createHome !== false) note({ kind: 'file', name: made.home })
    },
    changeUser: async (name, wanted) => {
      const is = await user(name)
      const changed = is === undefined ? userFrom(name, wanted, unknownId) : userAfter(is, wanted, unknownId)
      const primary = await group(changed.group)
      rememberUser(name, { ...changed, gid: primary?.gid ?? changed.gid })
    },
    removeUser: async (name) => {
      const is = await user(name)
      rememberUser(name, undefined)
      // userdel takes the user's own group along.
      if (is?.group === name) groups.set(name, undefined)
    },
    createGroup: (name, { gid } = {}) =>
      Promise.resolve(rememberGroup(name, { name, gid: gid ?? unknownId, members: [] })),
    changeGroup: async (name, { gid }) => rememberGroup(name, { name, members: [], ...(await group(name)), gid }),
    removeGroup: (name) => Promise.resolve(rememberGroup(name, undefined)),
  }
}
