import { posix } from 'node:path'
import { lines, sh, type Script } from '../../../quote.ts'
import { asOwner, inClusterFolder } from '../cluster/cluster-folder.ts'
import { unitOf, type ClusterPlace } from '../cluster/cluster.ts'
import { makingDebian } from '../cluster/debian-cluster.ts'
import type { StandbyFiles, StandbyWanted } from './standby.ts'

/**
 * Clones the primary beside the target and moves the clone into place whole, ready to follow; then makes it one of Debian's clusters. Each step looks whether
 * it was done already, so that a run that was cut off is taken up where it stopped. A clone that still runs holds the lock and is waited for.
 */
export function cloneScript(wanted: StandbyWanted, place: ClusterPlace, files: StandbyFiles): Script {
  const { data, clone, version } = place
  const options = [
    ...['--pgdata', clone, '--dbname', files.conninfo, '--wal-method', 'stream', '--checkpoint', wanted.checkpoint],
    ...['--progress', '--verbose', '--no-password'],
    ...(wanted.slot === undefined ? [] : ['--slot', wanted.slot]),
    ...(wanted.max_rate === undefined ? [] : ['--max-rate', wanted.max_rate]),
  ]
  const [here, fresh] = [data, clone].map((path) => `./${posix.basename(path)}`) as [string, string]
  const work = sh`if [ ! -f ${here}/PG_VERSION ]; then
  [ -z "$(ls -A ${here} 2>/dev/null)" ] || { echo ${`${data} is not empty`} >&2; exit 73; }
  take_away ${fresh}
  make_own ${fresh}
  for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin; do [ -x "$bin/pg_basebackup" ] && break; done
  PGCONNECT_TIMEOUT=15 as_owner "$bin/pg_basebackup" ${options}
  as_owner sh -c ${followScript(version, clone, files).text}
  [ ! -d ${here} ] || rmdir ${here}
  mv -T ${fresh} ${here}
fi
as_owner sh -c ${registerScript(wanted, place).text}`
  return lines(
    asOwner(wanted.owner),
    sh`if [ ! -f ${data}/PG_VERSION ] && [ -z "$(ls -A ${data} 2>/dev/null)" ]; then
  ${stopLost(place)}
fi`,
    makingDebian(place, wanted.owner, inClusterFolder(place, wanted.owner, wanted.timeout, work)),
  )
}

/** A server whose data was taken from under it still holds the port. */
function stopLost({ version, name, ...place }: ClusterPlace): Script {
  const pidFile = `/var/run/postgresql/${version}-${name}.pid`
  const ending = sh`pid=$(cat ${pidFile} 2>/dev/null || :)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null || :)" = postgres ]; then
  kill -QUIT "$pid"
  for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.3; done
  kill -KILL "$pid" 2>/dev/null || :
fi`
  return sh`as_owner sh -c ${ending.text}
  if [ -d /run/systemd/system ]; then systemctl stop ${unitOf({ version, name, ...place })} 2>/dev/null || :; fi`
}

/** Before version 12 a file in the data says whom to follow; since then it is a setting, and an empty file says that it is a standby. */
function followScript(version: string, clone: string, files: StandbyFiles): Script {
  const settings = files.confText.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (Number(version) >= 12)
    return sh`set -eu
touch ${clone}/standby.signal
command -v pg_createcluster >/dev/null 2>&1 || printf '%s\n' ${settings} >>${clone}/postgresql.auto.conf`
  return sh`set -eu
umask 077
printf '%s\n' ${["standby_mode = 'on'", "recovery_target_timeline = 'latest'", ...settings]} >${clone}/recovery.conf`
}

const hba = `local   all             postgres                                peer
local   all             all                                     peer
host    all             all             127.0.0.1/32            scram-sha-256
host    all             all             ::1/128                 scram-sha-256
local   replication     all                                     peer
host    replication     all             127.0.0.1/32            scram-sha-256
host    replication     all             ::1/128                 scram-sha-256`

/** pg_createcluster takes over data that is there, with the configuration files it finds in it: those of a new cluster, as initdb would lay them down. */
function registerScript(wanted: StandbyWanted, place: ClusterPlace): Script {
  const { data, config, version, name } = place
  const share = `/usr/share/postgresql/${version}`
  return sh`set -eu
if command -v pg_createcluster >/dev/null 2>&1 && [ ! -f ${config}/environment ]; then
  for file in postgresql.conf pg_hba.conf pg_ident.conf; do
    if [ -f ${config}/"$file" ]; then mv -f ${config}/"$file" ${data}/"$file"
    elif [ ! -f ${data}/"$file" ]; then
      if [ "$file" = pg_hba.conf ]; then printf '%s\n' ${hba} >${data}/"$file"; else cp ${share}/"$file".sample ${data}/"$file"; fi
    fi
    chmod 0640 ${data}/"$file"
  done
  key=/etc/ssl/private/ssl-cert-snakeoil.key
  if ! grep -q '^ssl *=' ${data}/postgresql.conf && [ -r "$key" ]; then
    printf '%s\n' 'ssl = on' "ssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'" "ssl_key_file = '$key'" >>${data}/postgresql.conf
  fi
  rm -f ${config}/start.conf ${config}/pg_ctl.conf
  pg_createcluster --datadir ${data} --port ${wanted.cluster_port} --start-conf ${wanted.start_conf} ${version} ${name} 9>&-
  grep -q '^include_dir' ${config}/postgresql.conf || echo "include_dir = 'conf.d'" >>${config}/postgresql.conf
fi`
}
