import type { HostReader } from '../../../host/host.ts'
import { sh } from '../../../quote.ts'
import type { FollowWanted, StandbyFiles } from './standby.ts'
import { majorVersion } from '../cluster/version.ts'

/** The primary's system identifier, asked by the host itself over the replication protocol; undefined when it does not answer. */
export async function primaryIdentifier(
  host: HostReader,
  wanted: FollowWanted,
  files: StandbyFiles,
): Promise<string | undefined> {
  const script = sh`IFS= read -r PGPASSWORD || :
[ -z "$PGPASSWORD" ] || export PGPASSWORD
for bin in /usr/lib/postgresql/${majorVersion(wanted.version)}/bin /usr/pgsql-${majorVersion(wanted.version)}/bin; do [ -x "$bin/psql" ] && break; done
cd /; PGCONNECT_TIMEOUT=5 exec "$bin/psql" -XAtw -d ${`${files.conninfo} replication=true`} -c IDENTIFY_SYSTEM`
  const { status, stdout } = await host.ask(script, { input: `${wanted.password?.reveal() ?? ''}\n`, timeout: 30 })
  const [identifier] = stdout.trim().split('|')
  return status === 0 && identifier !== undefined && identifier !== '' ? identifier : undefined
}
