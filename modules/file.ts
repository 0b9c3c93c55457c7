import { posix } from 'node:path'
import { choice, defineModule, optional, Type, withDefault, type HostReader, type Plan } from '../lib/index.ts'
import { attributeParams } from '../lib/kit/files/parameters.ts'
import { kindOf, linkTarget, type FileParams, type FileResult, type Sight } from '../lib/kit/files/sight.ts'
import { planState, states, type State } from '../lib/kit/files/states.ts'

/**
 * What is at a path of the host: a directory, a link, an empty file, nothing; and who owns it with which permissions.
 *
 * Without `state`, what is there stays what it is. `directory` makes missing parents too, with the same attributes; `recurse` sets them on everything below,
 * without following links. `link` and `hard` need `src`; `force` lets them replace files and empty folders, and link to what is not there yet. `touch` always
 * changes, unless both times are preserved.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/file_module.html
 *
 * @throws when something else is in the way, when there is no file to set attributes on, when the owner is not known, when the user may not.
 * @example
 * file({ path: '/var/lib/postgresql/archive', state: 'directory', owner: 'postgres', group: 'postgres', mode: '0700' })
 */
export const file = defineModule({
  name: 'file',
  summary: 'Directories, links, permissions, and what is not to be there.',
  params: {
    path: Type.String({ description: 'The path on the host.' }),
    state: optional(choice(states, { description: 'What is to be there.' })),
    src: optional(Type.String({ description: 'Where a link leads, as it is to be written in it.' })),
    recurse: withDefault(Type.Boolean({ description: 'Owner, group and mode of everything below, too.' }), false),
    force: withDefault(Type.Boolean({ description: 'Replace what is in the way of a link.' }), false),
    follow: withDefault(Type.Boolean({ description: 'Owner, group and mode of what a link leads to.' }), true),
    modification_time: optional(
      choice(['preserve', 'now'], { description: 'Leave the time of the last change, or set it to now.' }),
    ),
    access_time: optional(
      choice(['preserve', 'now'], { description: 'Leave the time of the last access, or set it to now.' }),
    ),
    ...attributeParams,
  },
  examples: [
    { name: 'A directory', params: { path: '/tmp/archive', state: 'directory', mode: 'u=rwx,g=rx,o=' } },
    { name: 'A link', params: { path: '/tmp/localtime', src: '/usr/share', state: 'link' } },
    {
      name: 'An empty file, left alone from then on',
      params: { path: '/tmp/mark', state: 'touch', modification_time: 'preserve', access_time: 'preserve' },
    },
  ],
  check: ({ state, recurse, src }) => [
    ...(recurse && state !== undefined && state !== 'directory' ? ['"recurse" goes with state: directory'] : []),
    ...(src !== undefined && state !== 'link' && state !== 'hard' ? ['"src" goes with state: link or hard'] : []),
    ...(src === '' ? ['"src" cannot be empty'] : []),
  ],
  plan: async (params, host): Promise<Plan<FileResult>> => {
    const seen = await look(host, params, params.state)
    const state = params.state ?? stateOf(seen)
    const usual = state === 'touch' ? 'now' : 'preserve'
    const times = {
      modification: params.modification_time ?? usual,
      access: params.access_time ?? usual,
    } as const
    return planState[state]({ ...seen, times })
  },
})

/** Everything in one round trip. A hard link to be made at a directory goes into it, under the name of its source. */
async function look(host: HostReader, params: FileParams, state: State | undefined): Promise<Omit<Sight, 'times'>> {
  const { path, src } = params
  const [stat, target, source] = await Promise.all([
    host.files.stat(path),
    // A path is removed without looking where it leads: that fails for a link to itself.
    state === 'absent' ? undefined : host.files.stat(path, { follow: true }),
    src === undefined ? undefined : sourceOf(host, path, src, state),
  ])
  if (state !== 'hard' || target?.type !== 'directory' || src === undefined)
    return { host, params, stat, target, source }
  return { ...(await look(host, { ...params, path: posix.join(path, posix.basename(src)) }, undefined)), source }
}

function sourceOf(host: HostReader, path: string, src: string, state: State | undefined) {
  if (state === 'hard') return host.files.stat(src)
  return host.files.stat(linkTarget(posix.dirname(path), src), { follow: true })
}

function stateOf({ stat, params: { recurse } }: Omit<Sight, 'times'>): State {
  return stat === undefined ? (recurse ? 'directory' : 'file') : kindOf(stat)
}
