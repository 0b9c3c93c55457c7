import type { HostReader } from '../../host/host.ts'
import { get, type HttpResponse } from '../http/client.ts'

/** A member of an etcd cluster. */
export interface EtcdMember {
  /** Its name. */
  readonly name: string
  /** As etcd's tools print it. */
  readonly id: string
  /** Where other members reach it. */
  readonly peer_urls: readonly string[]
  /** Where clients reach it. */
  readonly client_urls: readonly string[]
  /** Whether it leads. */
  readonly leader: boolean
}

/** An etcd cluster as its members show it. */
export interface EtcdCluster {
  /** An endpoint answers, and the cluster takes writes. */
  readonly healthy: boolean
  /** Why not, endpoint by endpoint; empty when it is healthy. */
  readonly reason: string
  /** The name of the member that leads. */
  readonly leader: string
  /** The version of the server that answered. */
  readonly version: string
  /** The members, in etcd’s own order. */
  readonly members: readonly EtcdMember[]
}

type Tree = Readonly<Record<string, unknown>>

const tree = (value: unknown): Tree => (typeof value === 'object' && value !== null ? (value as Tree) : {})
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])
const texts = (value: unknown): readonly string[] => list(value).filter((one) => typeof one === 'string')

function parse({ body }: HttpResponse): Tree {
  try {
    return tree(JSON.parse(body))
  } catch {
    return {}
  }
}

/** Asks each endpoint for its health, and the first that is well for the members. */
export async function askEtcd(host: HostReader, endpoints: readonly string[]): Promise<EtcdCluster> {
  const healths = await get(
    host,
    endpoints.map((endpoint) => ({ url: `${endpoint}/health` })),
  )
  const well = endpoints.find((_, i) => isHealthy(healths[i]))
  if (well === undefined)
    return { healthy: false, reason: reasonOf(endpoints, healths), leader: '', version: '', members: [] }
  const question = { method: 'POST', body: {} } as const
  const [members, status] = await get(host, [
    { ...question, url: `${well}/v3/cluster/member/list` },
    { ...question, url: `${well}/v3/maintenance/status` },
  ])
  return {
    healthy: true,
    reason: '',
    ...parseEtcd(parse(members ?? { status: 0, body: '' }), parse(status ?? { status: 0, body: '' })),
  }
}

/** 3.4 and 3.5 say "true", as text. */
const isHealthy = (response: HttpResponse | undefined): boolean =>
  response?.status === 200 && String(parse(response)['health']) === 'true'

export function reasonOf(endpoints: readonly string[], healths: readonly HttpResponse[]): string {
  return endpoints
    .map((endpoint, i) => {
      const said = healths[i]
      const why = said === undefined || said.status === 0 ? (said?.body ?? '') : parse(said)['reason']
      return `${endpoint}: ${typeof why === 'string' && why !== '' ? why : 'it has no leader, or cannot write'}`
    })
    .join('; ')
}

/** What the gateway says of the members and of one member's own view. It writes numbers of 64 bits as text. */
export function parseEtcd(members: Tree, status: Tree): Pick<EtcdCluster, 'leader' | 'version' | 'members'> {
  const leading = String(status['leader'] ?? '')
  const found = list(members['members']).map((one): EtcdMember => {
    const { ID, name, peerURLs, clientURLs } = tree(one)
    return {
      name: typeof name === 'string' ? name : '',
      id: hex(ID),
      peer_urls: texts(peerURLs),
      client_urls: texts(clientURLs),
      leader: String(ID) === leading,
    }
  })
  return {
    leader: found.find(({ leader }) => leader)?.name ?? '',
    version: typeof status['version'] === 'string' ? status['version'] : '',
    members: found,
  }
}

const hex = (id: unknown): string => (typeof id === 'string' && /^\d+$/.test(id) ? BigInt(id).toString(16) : '')
