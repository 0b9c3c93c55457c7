import { posix } from 'node:path'
import { raw, sh, type Script } from '../../lib/quote.ts'
import { unitOf, type ClusterPlace } from './cluster.ts'

export interface NewCluster {
  readonly owner: string
  readonly port?: number
  readonly data_checksums?: boolean
  readonly locale?: string
  readonly encoding?: string
  readonly auth_local?: string
  readonly auth_host?: string
  readonly initdb_options?: readonly string[]
  readonly start_conf: string
}

/**
 * Takes the cluster's lock for the rest of the script, and says in it who has it. Another run that still works on the cluster is waited for; a clone whose script
 * has died can only copy for nothing, and is ended. What this script starts ignores a broken pipe: a pg_basebackup that died of one would leave its WAL receiver
 * behind, with the lock.
 */
export function locking({ data, lock }: ClusterPlace, owner: string, seconds: number): Script {
  return sh`set -eu
folder=${posix.dirname(data)}
[ -d "$folder" ] || { mkdir -p "$folder"; chown ${owner}: "$folder"; }
exec 9>>${lock}
trap '' PIPE HUP
if command -v flock >/dev/null 2>&1 && ! flock -n 9; then
  holder=$(cat ${lock})
  echo "waiting for another run that works on this cluster ($holder)"
  if ! kill -0 "$holder" 2>/dev/null; then
    for process in /proc/[0-9]*; do
      if [ "$(readlink "$process/fd/9")" = ${lock} ] && [ "$(cat "$process/comm")" = pg_basebackup ] && [ "$(cat ${lock})" = "$holder" ]; then kill -KILL "\${process#/proc/}" || :; fi
    done 2>/dev/null
  fi
  flock -w ${seconds} 9 || { echo ${`another run still works on it and holds ${lock}: process`} "$holder" >&2; exit 75; }
fi
echo "$$" >${lock}
as_owner() { if [ "$(id -un)" = ${owner} ]; then "$@"; elif command -v runuser >/dev/null 2>&1; then runuser -u ${owner} -- "$@"; else su -s /bin/sh ${owner} -c 'exec "$@"' -- sh "$@"; fi; }`
}

/**
 * Makes the cluster without starting it. The mark lies beside the data while it is made: what a run that was cut off left behind is removed, but only when no
 * server can have used it yet.
 */
export function createScript(place: ClusterPlace, wanted: NewCluster): Script {
  const { data, config, mark, version, name } = place
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
  return sh`${locking(place, wanted.owner, 600)}
if [ -e ${mark} ] && [ ! -f ${config}/environment ]; then
  [ ! -e ${data}/postmaster.pid ] || { echo ${`${data} was left half made and a server uses it`} >&2; exit 73; }
  rm -rf ${data}
  rm -f ${['postgresql.conf', 'pg_hba.conf', 'pg_ident.conf', 'start.conf', 'pg_ctl.conf'].map((file) => `${config}/${file}`)}
fi
if [ -f ${data}/PG_VERSION ]; then rm -f ${mark}; exit 0; fi
[ -z "$(ls -A ${data} 2>/dev/null)" ] || { echo ${`${data} is not empty`} >&2; exit 73; }
: >${mark}
if command -v pg_createcluster >/dev/null 2>&1; then
  pg_createcluster ${debian} ${version} ${name} ${common.length === 0 ? raw('') : sh`-- ${common}`} 9>&-
else
  for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin "$(dirname "$(command -v initdb || echo /none/initdb)")"; do [ -x "$bin/initdb" ] && break; done
  [ -d ${data} ] || { mkdir -p ${data}; chown ${wanted.owner}: ${data}; }
  as_owner "$bin/initdb" -D ${data} ${[...cluster, ...common]} 9>&-
  ${port === undefined ? raw(':') : sh`echo ${`port = ${port}`} >>${data}/postgresql.conf`}
fi
rm -f ${mark}`
}

export function startScript(place: ClusterPlace): Script {
  return controlScript(place, 'start')
}

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

export function dropScript(place: ClusterPlace, debian: boolean): Script {
  const { version, name, data } = place
  if (debian) return sh`pg_dropcluster --stop ${version} ${name}`
  return sh`set -e
if [ -e ${data}/postmaster.pid ]; then ${stopScript(place)}
fi
rm -rf ${data}`
}
