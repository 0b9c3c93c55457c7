import { posix } from 'node:path'
import { raw, sh, type Script } from '../../../quote.ts'
import { inClusterFolder } from './cluster-folder.ts'
import { unitOf, type ClusterPlace } from './cluster.ts'
import { droppingDebian, makingDebian } from './debian-cluster.ts'

/** How a cluster is made. */
export interface NewCluster {
  /** The system user it runs as. */
  readonly owner: string
  /** Its port; the first free one by default. */
  readonly port?: number
  /** Whether pages have checksums; `initdb` decides by default. */
  readonly data_checksums?: boolean
  /** Its locale. */
  readonly locale?: string
  /** Its encoding. */
  readonly encoding?: string
  /** The method of pg_hba.conf for sockets. */
  readonly auth_local?: string
  /** The method of pg_hba.conf for TCP. */
  readonly auth_host?: string
  /** More options of `initdb`. */
  readonly initdb_options?: readonly string[]
  /** Whether it starts with the machine: `auto`, `manual` or `disabled`. */
  readonly start_conf: string
}

/**
 * Makes the cluster without starting it. The mark lies beside the data while it is made: what a run that was cut off left behind is removed, but only when no
 * server can have used it yet.
 */
export function createScript(place: ClusterPlace, wanted: NewCluster): Script {
  const { data, config, version, name } = place
  const { data_checksums: checksums, locale, encoding, auth_local, auth_host, port } = wanted
  const common = [
    ...(checksums === undefined ? [] : [checksums ? '--data-checksums' : '--no-data-checksums']),
    ...(auth_local === undefined ? [] : [`--auth-local=${auth_local}`]),
    ...(auth_host === undefined ? [] : [`--auth-host=${auth_host}`]),
    ...(wanted.initdb_options ?? []),
  ].filter((option) => option !== '--no-data-checksums' || Number(version) >= 18)
  const cluster = [
    ...(locale === undefined ? [] : ['--locale', locale]),
    ...(encoding === undefined ? [] : ['--encoding', encoding]),
  ]
  const debian = [
    ...['--user', wanted.owner, '--datadir', data, '--start-conf', wanted.start_conf, ...cluster],
    ...(port === undefined ? [] : ['--port', String(port)]),
  ]
  const [here, mark] = [data, place.mark].map((path) => `./${posix.basename(path)}`) as [string, string]
  const work = sh`if [ -e ${mark} ] && [ ! -f ${config}/environment ]; then
  [ ! -e ${here}/postmaster.pid ] || { echo ${`${data} was left half made and a server uses it`} >&2; exit 73; }
  take_away ${here}
  as_owner rm -f ${['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf', 'start.conf', 'pg_ctl.conf'].map((file) => `${config}/${file}`)}
fi
if [ -f ${here}/PG_VERSION ]; then rm -f ${mark}; exit 0; fi
[ -z "$(ls -A ${here} 2>/dev/null)" ] || { echo ${`${data} is not empty`} >&2; exit 73; }
[ -e ${mark} ] || : >${mark}
make_own ${here}
if command -v pg_createcluster >/dev/null 2>&1; then
  as_owner pg_createcluster ${debian} ${version} ${name} ${common.length === 0 ? raw('') : sh`-- ${common}`} 9>&-
else
  for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin "$(dirname "$(command -v initdb || echo /none/initdb)")"; do [ -x "$bin/initdb" ] && break; done
  as_owner "$bin/initdb" -D ${data} ${[...cluster, ...common]} 9>&-
  ${port === undefined ? raw(':') : sh`as_owner sh -c ${sh`echo ${`port = ${port}`} >>${data}/postgresql.conf`.text}`}
fi
rm -f ${mark}`
  return makingDebian(place, wanted.owner, inClusterFolder(place, wanted.owner, 600, work))
}

/** Starts a cluster; by systemd where it runs, else by PostgreSQL's own programs. */
export function startScript(place: ClusterPlace): Script {
  return controlScript(place, 'start')
}

/** Stops a cluster; by systemd where it runs, else by PostgreSQL's own programs. */
export function stopScript(place: ClusterPlace): Script {
  return controlScript(place, 'stop')
}

function controlScript(place: ClusterPlace, verb: 'start' | 'stop'): Script {
  const { version, name, data } = place
  return sh`if [ -d /run/systemd/system ] && command -v pg_ctlcluster >/dev/null 2>&1; then systemctl ${verb} ${unitOf(place)}
elif command -v pg_ctlcluster >/dev/null 2>&1; then pg_ctlcluster --skip-systemctl-redirect ${version} ${name} ${verb}
else
  for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin "$(dirname "$(command -v pg_ctl || echo /none/pg_ctl)")"; do [ -x "$bin/pg_ctl" ] && break; done
  owner=$(stat -c %U ${data})
  if [ "$(id -un)" = "$owner" ]; then "$bin/pg_ctl" -w -D ${data} -l ${data}/server.log ${verb}; else runuser -u "$owner" -- "$bin/pg_ctl" -w -D ${data} -l ${data}/server.log ${verb}; fi
fi`
}

/** Stops a cluster and removes its data, configuration and log. */
export function dropScript(place: ClusterPlace, owner: string, debian: boolean): Script {
  const { data } = place
  if (debian) return droppingDebian(place, owner)
  return sh`set -e
if [ -e ${data}/postmaster.pid ]; then ${stopScript(place)}
fi
${inClusterFolder(place, owner, 600, sh`take_away ${`./${posix.basename(data)}`}`)}`
}
