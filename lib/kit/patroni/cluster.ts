import { Unreadable } from '../../host/unreadable.ts'
import type { HostReader } from '../../host/host.ts'
import { get, type HttpResponse } from '../http/client.ts'
import type { Api } from './params.ts'

/** A member of a Patroni cluster. */
export interface Member {
  /** Its name. */
  readonly name: string
  /** Its role in the cluster, in the words of current releases. */
  readonly role: 'leader' | 'standby_leader' | 'sync_standby' | 'quorum_standby' | 'replica'
  /** Patroni's word: running, streaming, creating replica, starting, stopped … */
  readonly state: string
  /** The address that PostgreSQL listens at. */
  readonly host: string
  /** The port that PostgreSQL listens at. */
  readonly port: number
  /** Its REST API, for other members. */
  readonly api_url: string
  /** Its timeline; null when it is not known. */
  readonly timeline: number | null
  /** Bytes behind the leader; null for the leader, and where nobody knows. */
  readonly lag: number | null
  /** Some settings wait for a restart. */
  readonly pending_restart: boolean
}

/** A Patroni cluster, as one of its members sees it. */
export interface Cluster {
  /** The name of the cluster. */
  readonly scope: string
  /** The name of the member that leads; empty when none does. */
  readonly leader: string
  /** Its members, in Patroni's order. */
  readonly members: readonly Member[]
  /** Patroni does not manage the cluster (`patronictl pause`). */
  readonly paused: boolean
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A body of JSON; nothing when it is something else. */
export function objectIn({ body }: Pick<HttpResponse, 'body'>): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)

/** What GET /cluster says. Releases differ in words: a leader was once a master, a replica that streams once just ran. */
export function parseCluster(body: Readonly<Record<string, unknown>>): Cluster {
  const listed = Array.isArray(body['members']) ? body['members'].filter(isObject) : []
  const members = listed.map((one): Member => ({
    name: text(one['name']),
    role: roleOf(text(one['role'])),
    state: text(one['state']),
    host: text(one['host']),
    port: number(one['port']) ?? 5432,
    api_url: text(one['api_url']),
    timeline: number(one['timeline']),
    lag: number(one['lag']),
    pending_restart: one['pending_restart'] === true,
  }))
  return {
    scope: text(body['scope']),
    leader: members.find(leads)?.name ?? '',
    members,
    paused: body['pause'] === true,
  }
}

function roleOf(role: string): Member['role'] {
  if (role === 'master' || role === 'primary') return 'leader'
  const known = ['leader', 'standby_leader', 'sync_standby', 'quorum_standby'] as const
  return known.find((one) => one === role) ?? 'replica'
}

/** Does this member lead? */
export const leads = ({ role }: Pick<Member, 'role'>): boolean => role === 'leader' || role === 'standby_leader'
export const runs = ({ state }: Pick<Member, 'state'>): boolean => state === 'running' || state === 'streaming'

/** The cluster in one line, for progress messages. */
export const showMembers = ({ members }: Cluster): string =>
  members.length === 0
    ? 'no member yet'
    : members
        .map((member) => `${member.name} ${leads(member) ? 'leader ' : ''}${member.state}${lagOf(member)}`)
        .join(', ')

const lagOf = ({ lag }: Member): string => (lag === null || lag === 0 ? '' : ` (${lag} bytes behind)`)

/** The host's REST API → its root without a path, for the members' own. */
export const rootOf = ({ api_url }: Pick<Member, 'api_url'>): string => api_url.replace(/\/[^/]*$/, '')

/** The cluster as the member at `url` sees it; nothing when it does not answer. */
export async function askCluster(host: HostReader, { url }: Pick<Api, 'url'>): Promise<Cluster | undefined> {
  const [response] = await get(host, [{ url: `${url}/cluster` }])
  const body = response?.status === 200 ? objectIn(response) : undefined
  return body === undefined ? undefined : parseCluster(body)
}

/** The same; a member that does not answer is {@link Unreadable}. */
export async function readCluster(host: HostReader, api: Pick<Api, 'url'>): Promise<Cluster> {
  const cluster = await askCluster(host, api)
  if (cluster !== undefined) return cluster
  throw new Unreadable(`Patroni does not answer at ${api.url}`, 'service', {
    host: host.name,
    next: 'see why it does not run: systemctl status patroni; journalctl -u patroni',
  })
}
