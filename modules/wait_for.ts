import {
  choice,
  defineModule,
  listOf,
  optional,
  Type,
  unchanged,
  Unreadable,
  withDefault,
  type HostReader,
  type Read,
} from '../lib/index.ts'
import { inTime, TimedRegExp } from '../lib/kit/text/in-time.ts'
import { connectionStates, countConnections } from '../lib/kit/wait/connections.ts'
import { connectFrom, connectionTable } from '../lib/kit/wait/probe.ts'
import { until } from '../lib/kit/wait/until.ts'

const params = {
  host: withDefault(
    Type.String({
      pattern: '^[A-Za-z0-9_.:][A-Za-z0-9_.:%-]*$',
      description: 'Where the port is, as the host sees it.',
    }),
    '127.0.0.1',
  ),
  port: optional(Type.Integer({ description: 'The TCP port.', minimum: 1, maximum: 65535 })),
  path: optional(Type.String({ description: 'A file, folder or socket on the host.' })),
  state: withDefault(
    choice(['started', 'stopped', 'present', 'absent', 'drained'], {
      description:
        'What to wait for: a port that answers (`started`), or does not (`stopped`, `absent`), a file that is there (`present`) or gone (`absent`), or a port without connections (`drained`).',
    }),
    'started',
  ),
  search_regex: optional(Type.String({ description: 'What the file must hold, or the port say.' })),
  timeout: withDefault(Type.Integer({ minimum: 0, description: 'Seconds until it is given up.' }), 300),
  delay: withDefault(Type.Integer({ minimum: 0, description: 'Seconds before the first look.' }), 0),
  sleep: withDefault(Type.Number({ exclusiveMinimum: 0, description: 'Seconds between looks.' }), 1),
  connect_timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds for one attempt to connect.' }), 5),
  active_connection_states: withDefault(listOf(choice(connectionStates), { description: 'What is not drained yet.' }), [
    ...connectionStates,
  ]),
  exclude_hosts: withDefault(listOf(Type.String(), { description: 'Addresses whose connections do not count.' }), []),
  msg: optional(Type.String({ description: 'The message of the failure.' })),
}

/** The condition is met: the groups of the match, by number and by name. */
interface Found {
  readonly match_groups: readonly string[]
  readonly match_groupdict: Readonly<Record<string, string>>
}

/**
 * Waits until a port is open or closed, until a path is there or gone, or until a file holds what `search_regex` looks for. The looks are made by the host. With neither `port` nor
 * `path` it waits for `timeout` seconds.
 *
 * Follows https://docs.ansible.com/ansible/latest/collections/ansible/builtin/wait_for_module.html; regular expressions are JavaScript's.
 *
 * @throws when the time is up.
 * @example
 * wait_for({ path: '/var/run/postgresql/.s.PGSQL.5432', timeout: 60 })
 */
export const wait_for = defineModule({
  name: 'wait_for',
  summary: 'Waits for a port, a path or words in a file.',
  params,
  examples: [
    { name: 'A port', params: { port: 22, timeout: 10 } },
    { name: 'What it says', params: { port: 22, search_regex: 'OpenSSH_(?<version>\\S+)', timeout: 10 } },
    { name: 'A path that is gone', params: { path: '/run/nologin', state: 'absent', timeout: 10 } },
  ],
  check: ({ port, path, state, search_regex }) => [
    ...(port !== undefined && path !== undefined ? ['give "port" or "path", not both'] : []),
    ...(state === 'drained' && port === undefined ? ['"drained" is about a "port"'] : []),
    ...(state === 'stopped' && path !== undefined ? ['a path is "present" or "absent", it cannot be "stopped"'] : []),
    ...(search_regex === undefined || isRegex(search_regex) ? [] : ['"search_regex" is no regular expression']),
  ],
  reads: true,
  waits: true,
  plan: async (given, host) => {
    const { state, path, port, search_regex, timeout } = given
    const asked = { state, path: path ?? null, port: port ?? null, search_regex: search_regex ?? null }
    const nothing = path === undefined && port === undefined
    const { found, elapsed } = await until(() => (nothing ? Promise.resolve(undefined) : look(given, host)), given)
    if (found === undefined && !nothing)
      throw new Unreadable(
        given.msg ?? `waited ${timeout} s in vain for ${describe(given)}`,
        path === undefined ? 'service' : 'file',
        {
          data: { ...asked, elapsed },
          next: 'see on the host why, or give it more time with timeout',
        },
      )
    return unchanged({ ...asked, elapsed, ...(found ?? { match_groups: [], match_groupdict: {} }) })
  },
})

const plainly: Found = { match_groups: [], match_groupdict: {} }

/** One look: what was found, or nothing yet. */
async function look(given: Read<typeof params>, host: HostReader): Promise<Found | undefined> {
  const { state, path, port = 0, search_regex } = given
  if (path !== undefined) {
    const stat = await host.files.stat(path, { follow: true })
    if (state === 'absent') return stat === undefined ? plainly : undefined
    if (stat === undefined || search_regex === undefined) return stat && plainly
    return matched(search_regex, (await host.files.read(path))?.toString() ?? '', path)
  }
  if (state === 'drained') {
    const wanted = { port, exclude: given.exclude_hosts, states: given.active_connection_states }
    return countConnections(await connectionTable(host), wanted) === 0 ? plainly : undefined
  }
  const listen = search_regex !== undefined
  const said = await connectFrom(host, given.host, port, given.connect_timeout, listen)
  if (state === 'stopped' || state === 'absent') return said === undefined ? plainly : undefined
  return said === undefined
    ? undefined
    : search_regex === undefined
      ? plainly
      : matched(search_regex, said, `what ${given.host}:${port} says`)
}

function matched(regex: string, text: string, where: string): Found | undefined {
  const match = inTime(() => new TimedRegExp(regex, 'm').exec(text), where)
  if (match === null) return undefined
  return { match_groups: match.slice(1).map((group) => group ?? ''), match_groupdict: { ...match.groups } }
}

function describe({ path, host, port, state, search_regex }: Read<typeof params>): string {
  const what = path ?? `${host}:${port ?? ''}`
  return `${what} to be ${state === 'started' && path !== undefined ? 'present' : state}${search_regex === undefined ? '' : ` with ${search_regex}`}`
}

function isRegex(text: string): boolean {
  try {
    return new RegExp(text, 'm') instanceof RegExp
  } catch {
    return false
  }
}
