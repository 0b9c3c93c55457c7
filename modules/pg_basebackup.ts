import {
  change,
  defineModule,
  HostwrightError,
  unchanged,
  type Answer,
  type Diff,
  type HostReader,
  type Plan,
} from '../lib/index.ts'
import {
  placeOfCluster,
  readCluster,
  refuse,
  requireServer,
  unitOf,
  type ClusterPlace,
  type ClusterState,
} from '../lib/kit/postgres/cluster/cluster.ts'
import { ifUp } from '../lib/kit/postgres/conf/reload.ts'
import { cloneScript } from '../lib/kit/postgres/standby/clone-script.ts'
import { followChanges } from '../lib/kit/postgres/standby/follow.ts'
import { primaryIdentifier } from '../lib/kit/postgres/standby/identify.ts'
import {
  followComplaints,
  standbyFiles,
  standbyParams,
  type StandbyFiles,
  type StandbyWanted,
} from '../lib/kit/postgres/standby/standby.ts'

/** The result of `pg_basebackup`. */
export interface PgBasebackupResult {
  /** The standby's data folder. */
  readonly data_directory: string
  /** The folder of its configuration. */
  readonly config_directory: string
  /** The systemd unit: postgresql@17-main. */
  readonly unit: string
  /** Whether this run cloned it. */
  readonly cloned: boolean
  /** Whether it streams from the primary now; false too while it is not started. */
  readonly streaming: boolean
}

/**
 * A standby, cloned from its primary once. It is not started: do so by `service` when its settings are laid down. On Debian it is a cluster like every
 * other: pg_lsclusters shows it, systemd starts it.
 *
 * The clone is made beside its place and moved there whole; what a run that was cut off left is taken up. Data that is there is never written over: a cluster that
 * has become a primary, and one of another system, are errors that leave everything as it is.
 *
 * @see https://www.postgresql.org/docs/current/app-pgbasebackup.html
 */
export const pg_basebackup = defineModule({
  name: 'pg_basebackup',
  summary: 'A PostgreSQL standby, cloned from its primary.',
  params: standbyParams,
  examples: [
    {
      name: 'A standby with a slot',
      params: { version: '17', host: '10.0.0.1', user: 'replicator', password: 'correct horse', slot: 'pg2' },
    },
  ],
  check: followComplaints,
  plan: async (wanted, host): Promise<Plan<PgBasebackupResult>> => {
    const place = placeOfCluster(wanted.version, wanted.name, wanted.data_directory)
    const files = standbyFiles(wanted, place, host.name)
    const address = { port: wanted.cluster_port, user: wanted.owner }
    const [now, follow, receiver] = await Promise.all([
      readCluster(host, place),
      followChanges(host, files, wanted.owner),
      ifUp(host.postgres(address).query<{ data: string; recovery: boolean; streaming: boolean }>(running)),
    ])
    const live = receiver?.[0]?.data === place.data ? receiver[0] : undefined
    const cloning = now.data !== 'cluster'
    if (now.data === 'foreign')
      throw refuse(host, `${place.data} holds something that is no cluster`, 'empty it, or give another data_directory')
    if (!cloning) await refuseOther(host, wanted, place, files, now, live)
    const debian = cloning ? await requireServer(host, place.version) : now.debian
    const registering = !cloning && debian && now.config !== 'complete'
    const { pass } = follow
    const conf = debian && Number(place.version) >= 12 ? follow.conf : undefined
    const result: PgBasebackupResult = {
      ...{ data_directory: place.data, config_directory: place.config, unit: unitOf(place) },
      ...{ cloned: cloning, streaming: !cloning && live?.streaming === true },
    }
    if (!cloning && !registering && pass === undefined && conf === undefined) return unchanged(result)
    const of = `standby ${place.version}/${place.name}`
    const diff: Diff[] = [
      ...(cloning
        ? [{ of, before: { data: null }, after: { data: `clone of ${wanted.host}:${wanted.port}`, role: 'standby' } }]
        : []),
      ...(registering ? [{ of, before: { configuration: now.config }, after: { configuration: 'complete' } }] : []),
      ...[pass, conf].flatMap((one) => one?.diff ?? []),
    ]
    return change({
      diff,
      result,
      apply: async (applied) => {
        await pass?.write(applied)
        if (cloning || registering) {
          const effect = { kind: 'cluster', name: `${place.version}/${place.name}` } as const
          const done = await applied.run(cloneScript(wanted, place, files), { effect, timeout: wanted.timeout + 60 })
          if (done.status !== 0) throw cloneTrouble(host, wanted, done)
        }
        await conf?.write(applied)
        if (conf !== undefined && live !== undefined) await applied.postgres(address).reload()
      },
    })
  },
})

const running = `SELECT current_setting('data_directory') AS data, pg_is_in_recovery() AS recovery,
  coalesce((SELECT status = 'streaming' FROM pg_stat_wal_receiver LIMIT 1), false) AS streaming`

/** Data that is there stays; what it is must be a standby of this primary. */
async function refuseOther(
  host: HostReader,
  wanted: StandbyWanted,
  { data, version }: ClusterPlace,
  files: StandbyFiles,
  now: ClusterState,
  live: { readonly recovery: boolean; readonly streaming: boolean } | undefined,
): Promise<void> {
  if (now.dataVersion !== version)
    throw refuse(
      host,
      `${data} holds a cluster of version ${now.dataVersion}, not ${version}`,
      'upgrade it, or move it away to clone it',
    )
  const why = !now.standbySignal
    ? `standby.signal is missing, and it is "${now.controlState}"`
    : live?.recovery === false || (now.running && now.controlState === 'in production')
      ? 'its server takes writes'
      : undefined
  if (why !== undefined)
    throw refuse(
      host,
      `${data} is no standby any more: it has become a second primary (${why})`,
      `its data is untouched. Find out which of the two is right; to make this one follow again use pg_rewind, or stop it, move ${data} away and run again to clone it`,
    )
  if (live?.streaming === true) return
  const primary = await primaryIdentifier(host, wanted, files)
  if (primary !== undefined && now.systemIdentifier !== '' && primary !== now.systemIdentifier)
    throw refuse(
      host,
      `${data} belongs to another system (${now.systemIdentifier}) than ${wanted.host} (${primary})`,
      `its data is untouched. Correct "host", or stop it, move ${data} away and run again to clone it`,
    )
}

function cloneTrouble(host: HostReader, wanted: StandbyWanted, { status, stdout, stderr }: Answer): HostwrightError {
  const said = stderr
    .trim()
    .split('\n')
    .filter((line) => /error|FATAL|could not|not empty|lock|still/.test(line))
  return new HostwrightError(
    `cloning ${wanted.host}:${wanted.port} failed: ${said.slice(-3).join('; ') || stderr.trim().slice(-300)}`,
    {
      host: host.name,
      data: { status, stdout, stderr },
      next: 'see that the primary runs, that its pg_hba.conf lets this host in for replication, and that role, password and slot are right',
    },
  )
}
