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
  type HostReader,
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
import { clusterIsConfigured, clusterProblem } from '../lib/kit/postgres/cluster/situation.ts'
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
    const known = clusterIsConfigured(now)
    const of = `cluster ${place.version}/${place.name}`
    const result: PgClusterResult = {
      ...{ version: place.version, name: place.name, unit: unitOf(place) },
      ...{ data_directory: place.data, config_directory: place.config },
      port: wanted.port ?? (known ? now.port : 5432),
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
    const problem = clusterProblem(now, place)
    if (problem !== undefined) throw refuse(host, problem.what, problem.next)
    if (!known) await requireServer(host, place.version)
    const conf = known && now.debian ? await portChange(host, place, now.port, wanted.port) : undefined
    const starts = wanted.state === 'started' && !now.running
    const stops = wanted.state === 'stopped' && now.running
    const turns = !known || starts || stops
    if (!turns && conf === undefined) return unchanged(result)
    const state = (running: boolean) => (running ? 'started' : 'present')
    const turn: Diff = {
      of,
      before: { state: known ? state(now.running) : 'absent' },
      after: { state: stops ? 'stopped' : state(result.running) },
    }
    return change({
      diff: [...(conf === undefined ? [] : [conf]), ...(turns ? [turn] : [])],
      result,
      apply: async (applied) => {
        if (!known) await run(applied, createScript(place, wanted))
        if (conf !== undefined) await applied.files.write(conf.of, Buffer.from(conf.after))
        if (starts) await run(applied, startScript(place))
        if (stops) await run(applied, stopScript(place))
        return portNow(applied, place, result.port)
      },
    })
  },
})

/** The main configuration file with another port. */
async function portChange(host: HostReader, { config }: ClusterPlace, now: number, wanted: number | undefined) {
  if (wanted === undefined || wanted === now) return undefined
  const of = `${config}/postgresql.conf`
  const before = (await host.files.read(of))?.toString()
  if (before === undefined) return undefined
  const after = editConf(before, new Map([['port', String(wanted)]]), (_, a, b) => sameValue(undefined, a, b))
  return { of, before, after }
}

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
