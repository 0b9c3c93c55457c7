import { sh, type Script } from '../../lib/quote.ts'
import { locking } from './cluster-scripts.ts'
import { unitOf, type ClusterPlace } from './cluster.ts'
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
  return sh`${locking(place, wanted.owner, wanted.timeout)}
if [ ! -f ${data}/PG_VERSION ]; then
  [ -z "$(ls -A ${data} 2>/dev/null)" ] || { echo ${`${data} is not empty`} >&2; exit 73; }
  ${stopLost(place)}
  rm -rf ${clone}
  for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin; do [ -x "$bin/pg_basebackup" ] && break; done
  cd /
  PGCONNECT_TIMEOUT=15 as_owner "$bin/pg_basebackup" ${options}
  ${followScript(version, clone, files)}
  [ ! -d ${data} ] || rmdir ${data}
  mv -T ${clone} ${data}
fi
${registerScript(wanted, place)}`
}

/** A server whose data was taken from under it still holds the port. */
function stopLost({ version, name, ...place }: ClusterPlace): Script {
  const pidFile = `/var/run/postgresql/${version}-${name}.pid`
  return sh`pid=$(cat ${pidFile} 2>/dev/null || :)
  if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null || :)" = postgres ]; then
    kill -QUIT "$pid"
    for i in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$pid" 2>/dev/null || break; sleep 0.3; done
    kill -KILL "$pid" 2>/dev/null || :
  fi
  if [ -d /run/systemd/system ]; then systemctl stop ${unitOf({ version, name, ...place })} 2>/dev/null || :; fi`
}

/** Before version 12 a file in the data says whom to follow; since then it is a setting, and an empty file says that it is a standby. */
function followScript(version: string, clone: string, files: StandbyFiles): Script {
  const settings = files.confText.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
  if (Number(version) >= 12)
    return sh`as_owner touch ${clone}/standby.signal
  if ! command -v pg_createcluster >/dev/null 2>&1; then printf '%s\n' ${settings} >>${clone}/postgresql.auto.conf; fi`
  return sh`printf '%s\n' ${["standby_mode = 'on'", "recovery_target_timeline = 'latest'", ...settings]} >${clone}/recovery.conf
  chmod 0600 ${clone}/recovery.conf; chown --reference=${clone}/PG_VERSION ${clone}/recovery.conf`
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
  return sh`if command -v pg_createcluster >/dev/null 2>&1 && [ ! -f ${config}/environment ]; then
  for file in postgresql.conf pg_hba.conf pg_ident.conf; do
    if [ -f ${config}/"$file" ]; then mv -f ${config}/"$file" ${data}/"$file"
    elif [ ! -f ${data}/"$file" ]; then
      if [ "$file" = pg_hba.conf ]; then printf '%s\n' ${hba} >${data}/"$file"; else cp ${share}/"$file".sample ${data}/"$file"; fi
    fi
    chown --reference=${data}/PG_VERSION ${data}/"$file"; chmod 0640 ${data}/"$file"
  done
  key=/etc/ssl/private/ssl-cert-snakeoil.key
  if ! grep -q '^ssl *=' ${data}/postgresql.conf && as_owner test -r "$key"; then
    printf '%s\n' 'ssl = on' "ssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'" "ssl_key_file = '$key'" >>${data}/postgresql.conf
  fi
  rm -f ${config}/start.conf ${config}/pg_ctl.conf
  pg_createcluster --datadir ${data} --port ${wanted.cluster_port} --start-conf ${wanted.start_conf} ${version} ${name} 9>&-
  grep -q '^include_dir' ${config}/postgresql.conf || echo "include_dir = 'conf.d'" >>${config}/postgresql.conf
fi`
}
