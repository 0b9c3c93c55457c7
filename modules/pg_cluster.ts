import {
  change,
  choice,
  defineModule,
  HostwrightError,
  listOf,
  optional,
  Type,
  unchanged,
  withDefault,
  type Diff,
  type Host,
  type Plan,
  type Script,
} from '../lib/index.ts'
import { createScript, dropScript, startScript, stopScript } from '../lib/kit/postgres/cluster/cluster-scripts.ts'
import {
  placeOfCluster,
  readCluster,
  refuse,
  requireServer,
  unitOf,
  type ClusterPlace,
} from '../lib/kit/postgres/cluster/cluster.ts'
import { clusterNameParam, ownerParam, versionParam } from '../lib/kit/postgres/cluster/place.ts'
import { editConf } from '../lib/kit/postgres/conf/conf.ts'
import { sameValue } from '../lib/kit/postgres/conf/setting.ts'

/** The result of `pg_cluster`. */
export interface PgClusterResult {
  /** Its major version. */
  readonly version: string
  /** Its name. */
  readonly name: string
  /** Its data folder. */
  readonly data_directory: string
  /** The folder of its configuration. */
  readonly config_directory: string
  /** The systemd unit: postgresql@17-main. */
  readonly unit: string
  /** Its port. */
  readonly port: number
  /** Whether it runs. */
  readonly running: boolean
}

/**
 * A database cluster: a server's data directory and its configuration. On Debian it is one of pg_createcluster's, which pg_lsclusters shows and systemd starts.
 *
 * A new cluster is not started, so that its settings can be laid down first; start it by `service` or by `state: started`. No directory that holds data
 * is ever written over: a cluster whose data is gone, and data that no configuration knows, are errors.
 *
 * @see https://manpages.debian.org/pg_createcluster, https://www.postgresql.org/docs/current/app-initdb.html
 */
export const pg_cluster = defineModule({
  name: 'pg_cluster',
  summary: 'A PostgreSQL database cluster.',
  params: {
    version: versionParam,
    name: clusterNameParam,
    state: withDefault(
      choice(['present', 'started', 'stopped', 'absent'], {
        description:
          '`present`: it is there; `started` and `stopped` say whether it runs, too; `absent`: it is gone, with its data.',
      }),
      'present',
    ),
    port: optional(
      Type.Integer({
        minimum: 1,
        maximum: 65535,
        description: 'Where it listens. Default: the first free one from 5432 on.',
      }),
    ),
    data_directory: optional(
      Type.String({ pattern: '^/', description: 'Its data. Default: /var/lib/postgresql/VERSION/NAME.' }),
    ),
    owner: ownerParam,
    data_checksums: optional(
      Type.Boolean({ description: 'Check every page read. Default: the server’s (on from 18).' }),
    ),
    locale: optional(Type.String({ description: 'Its locale: C.UTF-8.' })),
    encoding: optional(Type.String({ description: 'Its encoding: UTF8.' })),
    auth_local: optional(Type.String({ description: 'How local users prove who they are: peer.' })),
    auth_host: optional(Type.String({ description: 'How others do: scram-sha-256.' })),
    initdb_options: optional(listOf(Type.String(), { description: 'More options of initdb.' })),
    start_conf: withDefault(
      choice(['auto', 'manual', 'disabled'], { description: 'Whether it starts with the machine.' }),
      'auto',
    ),
    force: withDefault(Type.Boolean({ description: 'Needed to remove a cluster: its data is gone then.' }), false),
  },
  examples: [{ name: 'The usual one', params: { version: '17', data_checksums: true } }],
  check: ({ state, force }) =>
    state === 'absent' && !force ? ['"state: absent" deletes the data; say so with force: true'] : [],
  plan: async (wanted, host): Promise<Plan<PgClusterResult>> => {
    const place = placeOfCluster(wanted.version, wanted.name, wanted.data_directory)
    const [now] = await Promise.all([readCluster(host, place)])
    const { data, config } = place
    const of = `cluster ${place.version}/${place.name}`
    const known = now.debian ? now.config === 'complete' : now.data === 'cluster'
    const remains = now.marked && !known
    const result: PgClusterResult = {
      ...{
        version: place.version,
        name: place.name,
        data_directory: data,
        config_directory: config,
        unit: unitOf(place),
      },
      port: known ? (wanted.port ?? now.port) : (wanted.port ?? 5432),
      running: wanted.state === 'started' || (wanted.state === 'present' && now.running),
    }
    const effect = { kind: 'cluster', name: `${place.version}/${place.name}` } as const
    const run = async (applied: Host, script: Script) =>
      must(await applied.run(script, { effect, timeout: 3600 }), of, host.name)

    if (wanted.state === 'absent') {
      if (!known) return unchanged(result)
      return change({
        diff: [{ of, before: { state: 'present' }, after: { state: 'absent' } }],
        result,
        apply: async (applied) => run(applied, dropScript(place, wanted.owner, now.debian)),
      })
    }
    if (!remains && now.data === 'foreign')
      throw refuse(host, `${data} holds something that is no cluster`, 'empty it, or give another data_directory')
    if (known && now.data !== 'cluster')
      throw refuse(
        host,
        `${of} is configured in ${config}, but its data in ${data} is gone`,
        `mount or restore it, or clone a standby (pg_basebackup); for an empty cluster remove ${config} first`,
      )
    if (!known && !remains && now.data === 'cluster')
      throw refuse(
        host,
        `${data} holds a cluster that no configuration in ${config} knows`,
        `take it over with pg_createcluster -d ${data} ${place.version} ${place.name}, or move it away`,
      )
    if (now.data === 'cluster' && !remains && now.dataVersion !== place.version)
      throw refuse(
        host,
        `${data} holds a cluster of version ${now.dataVersion}`,
        'upgrade it with pg_upgradecluster, or give another data_directory',
      )

    if (!known) await requireServer(host, place.version)
    const main = `${config}/postgresql.conf`
    const conf =
      known && now.debian && wanted.port !== undefined && wanted.port !== now.port
        ? (await host.files.read(main))?.toString()
        : undefined
    const ported =
      conf === undefined
        ? undefined
        : editConf(conf, new Map([['port', String(wanted.port)]]), (_, a, b) => sameValue(undefined, a, b))
    const starts = wanted.state === 'started' && !now.running
    const stops = wanted.state === 'stopped' && now.running
    if (known && ported === undefined && !starts && !stops) return unchanged(result)
    const state = (running: boolean) => (running ? 'started' : 'present')
    const diff: Diff[] = [
      ...(ported === undefined ? [] : [{ of: main, before: conf ?? '', after: ported }]),
      ...(known && !starts && !stops
        ? []
        : [
            {
              of,
              before: { state: known ? state(now.running) : 'absent' },
              after: { state: stops ? 'stopped' : state(result.running) },
            },
          ]),
    ]
    return change({
      diff,
      result,
      apply: async (applied) => {
        if (!known) await run(applied, createScript(place, wanted))
        if (ported !== undefined) await applied.files.write(main, Buffer.from(ported))
        if (starts) await run(applied, startScript(place))
        if (stops) await run(applied, stopScript(place))
        return portNow(applied, place, result.port)
      },
    })
  },
})

function must(
  { status, stderr, stdout }: { status: number; stderr: string; stdout: string },
  of: string,
  host: string,
): void {
  if (status === 0) return
  throw new HostwrightError(`${of}: ${(stderr.trim() || stdout.trim()).split('\n').slice(-3).join('; ')}`, {
    host,
    data: { status, stderr, stdout },
    next: 'see what the tool says above, and its log in /var/log/postgresql',
  })
}

/** pg_createcluster took the first free port. */
async function portNow(host: Host, place: ClusterPlace, predicted: number): Promise<Partial<PgClusterResult>> {
  const now = await readCluster(host, place)
  return { port: now.config === 'complete' ? now.port : predicted }
}
