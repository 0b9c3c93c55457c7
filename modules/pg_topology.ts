import { defineModule, optional, secret, Type, unchanged, withDefault, type HostReader } from '../lib/index.ts'
import { placeOfCluster, readCluster, type ClusterPlace } from '../lib/kit/postgres/cluster/cluster.ts'
import { clusterNameParam, versionParam } from '../lib/kit/postgres/cluster/place.ts'
import { parseConf } from '../lib/kit/postgres/conf/conf.ts'
import { standbyConfFile } from '../lib/kit/postgres/standby/standby.ts'
import {
  askScript,
  leaderAmong,
  parseAnswers,
  type OwnEvidence,
  type SeenServer,
} from '../lib/kit/postgres/standby/topology.ts'

/** The result of `pg_topology`. */
export interface PgTopologyResult {
  /** Who leads, or is to. */
  readonly name: string
  /** The leader's address. */
  readonly address: string
  /** Whether it takes writes now. */
  readonly alive: boolean
  /** What each server answered. */
  readonly servers: readonly SeenServer[]
}

/**
 * Who leads a replication system now, asked of the servers themselves, from the host it is called for: whoever takes writes, wherever a failover has put the role.
 * Where no server takes writes, the host's own data says whom it follows, or that it led; on bare hosts it is `first`.
 *
 * The servers are asked over the replication protocol (IDENTIFY_SYSTEM), as `user`; those that do not answer within `timeout` seconds are silent, not an error.
 *
 * @throws when two servers take writes, unless `prefer` is one of them; when none does and the one that should is a standby.
 * @see https://www.postgresql.org/docs/current/protocol-replication.html
 * @example
 * pg_topology({ version: '17', servers: { pg1: '10.0.0.1', pg2: '10.0.0.2' }, first: 'pg1', user: 'replicator', password: vars.replication_password })
 */
export const pg_topology = defineModule({
  name: 'pg_topology',
  summary: 'Who leads a PostgreSQL replication system.',
  params: {
    version: versionParam,
    servers: Type.Record(Type.String(), Type.String(), {
      description: 'The servers by inventory name, each with the address at which the others reach it.',
    }),
    first: Type.String({ description: 'Who leads where nobody does yet.' }),
    prefer: optional(
      Type.String({ description: 'Who is right where two take writes: the one that was, or will be, promoted.' }),
    ),
    user: Type.String({ minLength: 1, description: 'The role to ask as; it needs REPLICATION.' }),
    password: optional(secret({ description: 'Its password.' })),
    port: withDefault(Type.Integer({ minimum: 1, maximum: 65535, description: 'Where they all listen.' }), 5432),
    name: clusterNameParam,
    timeout: withDefault(Type.Integer({ minimum: 1, maximum: 60, description: 'Seconds to wait for a server.' }), 5),
  },
  examples: [
    {
      name: 'Who leads?',
      params: { version: '17', servers: { pg1: '10.0.0.1', pg2: '10.0.0.2' }, first: 'pg1', user: 'replicator' },
    },
  ],
  check: ({ servers, first }) =>
    Object.hasOwn(servers, first) ? [] : [`"first" is ${first}, which is none of the servers`],
  reads: true,
  plan: async ({ version, port, user, password, timeout, first, prefer, name, ...params }, host) => {
    const servers = Object.entries(params.servers)
    const place = placeOfCluster(version, name, undefined)
    const script = askScript({ version: place.version, port, user, seconds: timeout, servers })
    const [{ stdout }, own] = await Promise.all([
      host.ask(script, { input: `${password?.reveal() ?? ''}\n`, timeout: timeout + 30, remember: true }),
      Object.hasOwn(params.servers, host.name) ? ownEvidence(host, place) : ({ is: 'none' } as const),
    ])
    const seen = parseAnswers(stdout, servers)
    const leader = leaderAmong(host.name, seen, own, first, prefer)
    return unchanged<PgTopologyResult>({
      name: leader.name,
      address: leader.address,
      alive: leader.role === 'primary',
      servers: seen,
    })
  },
})

async function ownEvidence(host: HostReader, place: ClusterPlace): Promise<OwnEvidence> {
  const [now, conf] = await Promise.all([readCluster(host, place), host.files.read(standbyConfFile(place))])
  if (now.data !== 'cluster') return { is: 'none' }
  if (!now.standbySignal) return { is: 'primary' }
  const conninfo = parseConf(conf?.toString() ?? '').findLast((entry) => entry.name === 'primary_conninfo')?.value
  return { is: 'standby', follows: /(?:^|\s)host=(\S+)/.exec(conninfo ?? '')?.[1] }
}
