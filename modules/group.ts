import { change, choice, defined, defineModule, optional, Type, unchanged, withDefault } from '../lib/index.ts'
import { nameComplaint } from '../lib/kit/accounts/account-name.ts'

/** The result of `group`. */
export interface GroupResult {
  /** The group. */
  readonly name: string
  /** Whether it is there. */
  readonly state: 'present' | 'absent'
  /** Whether it is a system group. */
  readonly system: boolean
  /** Known once the group is there. */
  readonly gid?: number
}

/**
 * A group of the host's own accounts.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/group_module.html
 *
 * @throws when the gid belongs to another group and `non_unique` is not set, or when the group is somebody's primary one and is to go.
 * @example
 * group({ name: 'replication', system: true })
 */
export const group = defineModule({
  name: 'group',
  summary: 'Makes and removes groups.',
  params: {
    name: Type.String({ description: 'The name of the group.', minLength: 1 }),
    state: withDefault(choice(['present', 'absent'], { description: 'Whether the group is to be there.' }), 'present'),
    gid: optional(Type.Integer({ description: 'The number of the group; the host chooses by default.', minimum: 0 })),
    system: withDefault(Type.Boolean({ description: 'A new group gets a number of the system range.' }), false),
    non_unique: withDefault(Type.Boolean({ description: 'Another group may have the same gid.' }), false),
    force: withDefault(Type.Boolean({ description: "Remove it even if it is somebody's primary group." }), false),
  },
  examples: [
    { name: 'A system group', params: { name: 'archive', system: true } },
    { name: 'With a number', params: { name: 'archive', gid: 4711 } },
    { name: 'Gone', params: { name: 'archive', state: 'absent' } },
  ],
  check: ({ name }) => nameComplaint('name', name),
  plan: async ({ name, state, gid, system, non_unique, force }, host) => {
    const is = await host.users.group(name)
    const known = gid ?? is?.gid
    const result: GroupResult = {
      name,
      state,
      system,
      ...(state === 'absent' || known === undefined || known < 0 ? {} : { gid: known }),
    }
    const of = `group ${name}`
    if (state === 'absent') {
      if (is === undefined) return unchanged(result)
      return change({
        diff: [{ of, before: { state: 'present', gid: is.gid }, after: { state: 'absent' } }],
        result,
        apply: ({ users }) => users.removeGroup(name, { force }),
      })
    }
    if (is === undefined)
      return change({
        diff: [{ of, before: { state: 'absent' }, after: { state: 'present', ...defined({ gid }) } }],
        result,
        apply: async ({ users }) => {
          await users.createGroup(name, { gid, system, nonUnique: non_unique })
          return withGid((await users.group(name))?.gid)
        },
      })
    if (gid === undefined || gid === is.gid) return unchanged(result)
    return change({
      diff: [{ of, before: { gid: is.gid }, after: { gid } }],
      result,
      apply: ({ users }) => users.changeGroup(name, { gid, nonUnique: non_unique }),
    })
  },
})

function withGid(gid: number | undefined): { readonly gid?: number } {
  return gid === undefined || gid < 0 ? {} : { gid }
}
