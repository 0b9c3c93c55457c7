import { posix } from 'node:path'
import { HostwrightError } from '../../../error.ts'
import type { HostReader } from '../../../host/host.ts'
import { Unreadable } from '../../../host/unreadable.ts'
import { sh } from '../../../quote.ts'
import { parseConf } from '../conf/conf.ts'
import { configFolder, dataFolder } from './place.ts'
import { majorVersion } from './version.ts'

/** Where a cluster lies; the configuration is Debian's, where its tools are. */
export interface ClusterPlace {
  /** The major version: `17`, `9.6`. */
  readonly version: string
  /** The name of the cluster: `main`. */
  readonly name: string
  /** The data directory. */
  readonly data: string
  /** The directory of the configuration. */
  readonly config: string
  /** Held while a cluster is made or cloned. */
  readonly lock: string
  /** There while a new cluster is being made. */
  readonly mark: string
  /** Where a base backup is written before it becomes the data directory. */
  readonly clone: string
}

/** A cluster as it is now. */
export interface ClusterState {
  /** Whether Debian's tools make clusters here. */
  readonly debian: boolean
  /** `partial`: a run was cut off while it was made. */
  readonly config: 'complete' | 'partial' | 'none'
  /** `foreign`: something else than a cluster lies in its directory. */
  readonly data: 'cluster' | 'empty' | 'foreign'
  /** The major version that the data was made by. */
  readonly dataVersion: string
  /** A run was cut off while it made the cluster. */
  readonly marked: boolean
  /** It starts as a standby. */
  readonly standbySignal: boolean
  /** A server uses the data. */
  readonly running: boolean
  /** The port of its configuration; 5432 by default. */
  readonly port: number
  /** As pg_controldata tells it: `in production`, `in archive recovery`, `shut down` …; empty when it cannot be asked. */
  readonly controlState: string
  /** The number that a primary shares with its standbys; empty when it cannot be read. */
  readonly systemIdentifier: string
}

/** The paths of a cluster. `dataDirectory` is Debian's by default. */
export function placeOfCluster(version: string, name: string, dataDirectory: string | undefined): ClusterPlace {
  const major = majorVersion(version)
  const data = (dataDirectory ?? dataFolder(major, name)).replace(/\/+$/, '')
  const [folder, base] = [posix.dirname(data), posix.basename(data)]
  return {
    ...{ version: major, name, data, config: configFolder(major, name) },
    ...{
      lock: `${folder}/.${base}.hostwright-lock`,
      mark: `${data}.hostwright-new`,
      clone: `${data}.hostwright-clone`,
    },
  }
}

/** Reads a cluster, in one round trip. */
export async function readCluster(host: HostReader, place: ClusterPlace): Promise<ClusterState> {
  const { data, config, version } = place
  const [conf, environment, names, major, mark, standby, recovery, debian, asked] = await Promise.all([
    host.files.read(`${config}/postgresql.conf`),
    host.files.stat(`${config}/environment`),
    host.files.list(data),
    host.files.read(`${data}/PG_VERSION`),
    host.files.stat(place.mark),
    host.files.stat(`${data}/standby.signal`),
    host.files.stat(`${data}/recovery.conf`),
    host.files.stat('/usr/bin/pg_createcluster'),
    host.ask(sh`pid=$(head -n 1 ${data}/postmaster.pid 2>/dev/null) && kill -0 "$pid" 2>/dev/null && echo 'running: yes'
for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin; do
  [ -x "$bin/pg_controldata" ] && LC_ALL=C "$bin/pg_controldata" ${data} 2>/dev/null && break
done; :`),
  ])
  const entries = parseConf(conf?.toString() ?? '')
  const said = (name: string) => new RegExp(`^${name}: *(.*)$`, 'm').exec(asked.stdout)?.[1]?.trim() ?? ''
  return {
    debian: debian !== undefined,
    config:
      conf === undefined && environment === undefined ? 'none' : environment === undefined ? 'partial' : 'complete',
    data: major !== undefined ? 'cluster' : (names ?? []).length > 0 ? 'foreign' : 'empty',
    dataVersion: major?.toString().trim() ?? '',
    marked: mark !== undefined,
    standbySignal: standby !== undefined || recovery !== undefined,
    running: said('running') === 'yes',
    port: Number(entries.findLast(({ name }) => name === 'port')?.value ?? 5432),
    controlState: said('Database cluster state'),
    systemIdentifier: said('Database system identifier'),
  }
}

/**
 * PostgreSQL must be there to make a cluster with, or (in a simulated run) about to be.
 *
 * @returns whether clusters are made Debian's way.
 */
export async function requireServer(host: HostReader, version: string): Promise<boolean> {
  const [debian, redhat] = await Promise.all([
    host.files.stat(`/usr/lib/postgresql/${version}/bin/initdb`),
    host.files.stat(`/usr/pgsql-${version}/bin/initdb`),
  ])
  if (debian !== undefined || redhat !== undefined) return debian !== undefined
  const name = `postgresql-${version}`
  const [state] = await host.packages.states([name])
  if (state?.version !== undefined) return true
  throw new Unreadable(`PostgreSQL ${version} is not installed`, 'package', {
    host: host.name,
    next: `install ${name} first (pkg)`,
  })
}

/** Why no cluster may be written to this directory. */
export function refuse(host: HostReader, message: string, next: string): HostwrightError {
  return new HostwrightError(message, { host: host.name, next })
}

/** The systemd unit of a cluster, as Debian names it. */
export function unitOf({ version, name }: ClusterPlace): string {
  return `postgresql@${version}-${name}`
}

/** Asks systemd, in a simulated run too; without systemd, the process says it. */
export async function clusterRuns(host: HostReader, place: ClusterPlace, now: ClusterState): Promise<boolean> {
  const unit = await host.services.state(unitOf(place))
  return unit.known ? unit.active : now.running
}
