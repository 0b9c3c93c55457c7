import { conninfo } from '../../../encode/postgres/conninfo.ts'
import type { HostReader } from '../../../host/host.ts'
import { raw, sh, type Script } from '../../../quote.ts'
import { inClusterFolder } from '../cluster/cluster-folder.ts'
import type { ClusterPlace } from '../cluster/cluster.ts'
import type { FollowWanted, StandbyFiles } from './standby.ts'
import { parseHistory, type TimelineFork } from '../cluster/timeline.ts'
import { majorVersion } from '../cluster/version.ts'

/** The timeline that a server is on, and those it left; undefined when it does not answer. */
export async function timelineOf(
  host: HostReader,
  wanted: FollowWanted,
  files: StandbyFiles,
): Promise<{ readonly timeline: number; readonly history: readonly TimelineFork[] } | undefined> {
  // A server on its first timeline has no history file.
  const script = sh`IFS= read -r PGPASSWORD || :
[ -z "$PGPASSWORD" ] || export PGPASSWORD
for bin in /usr/lib/postgresql/${majorVersion(wanted.version)}/bin /usr/pgsql-${majorVersion(wanted.version)}/bin; do [ -x "$bin/psql" ] && break; done
cd /; export PGCONNECT_TIMEOUT=5
ask() { "$bin/psql" -XAtw -d ${`${files.conninfo} replication=true`} -c "$1" </dev/null; }
timeline=$(ask IDENTIFY_SYSTEM | cut -d '|' -f 2) && [ -n "$timeline" ] || exit 1
echo "$timeline"
[ "$timeline" = 1 ] || ask "TIMELINE_HISTORY $timeline" | sed 's/^[0-9A-F]*\\.history|//'`
  const { status, stdout } = await host.ask(script, { input: `${wanted.password?.reveal() ?? ''}\n`, timeout: 30 })
  const [timeline = '', ...rest] = stdout.split('\n')
  if (status !== 0 || !/^\d+$/.test(timeline)) return undefined
  return { timeline: Number(timeline), history: parseHistory(rest.join('\n')) }
}

/**
 * Takes the cluster back to where the other server left its timeline. The mark that it is a standby is made before the lock is let go, so that nothing starts it
 * as a primary in between.
 */
export function rewindScript(wanted: FollowWanted, place: ClusterPlace, files: StandbyFiles, database: string): Script {
  const { data, config, version } = place
  const conf = Number(version) >= 14 ? sh`--config-file=${`${config}/postgresql.conf`}` : raw('')
  const work = sh`for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin; do [ -x "$bin/pg_rewind" ] && break; done
as_owner rm -f ${data}/standby.signal
[ -e ${config}/postgresql.conf ] && set -- ${conf} || set --
PGCONNECT_TIMEOUT=15 as_owner "$bin/pg_rewind" --target-pgdata=${data} --source-server=${`${files.conninfo} ${conninfo({ dbname: database })}`} "$@" 9>&-
as_owner touch ${data}/standby.signal`
  return inClusterFolder(place, wanted.owner, 600, work)
}
