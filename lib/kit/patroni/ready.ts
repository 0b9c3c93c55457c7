import { setTimeout as sleep } from 'node:timers/promises'
import type { HostReader } from '../../host/host.ts'
import { Unreadable } from '../../host/unreadable.ts'
import { raw } from '../../quote.ts'
import { askCluster, showMembers, type Cluster } from './cluster.ts'
import { reasonIn } from './journal.ts'
import type { Api } from './params.ts'
import { memberRuns } from './streaming.ts'

const pause = 2000
/** Seconds for which a member may complain of the same before it is believed. */
const believed = 30

/** Waits until a member runs: as the leader, or streaming from it. Tells meanwhile how the members are. */
export async function memberReady(
  host: HostReader,
  api: Pick<Api, 'url'>,
  name: string,
  seconds: number,
): Promise<Cluster> {
  const started = Date.now()
  const complaints = { text: '', since: started }
  for (let cluster: Cluster | undefined; ;) {
    cluster = await askCluster(host, api)
    if (cluster !== undefined && (await memberRuns(host, cluster, name))) return cluster
    host.progress(cluster === undefined ? 'Patroni does not answer yet' : showMembers(cluster))
    const { unit, reason } = await whyNot(host)
    // Just after a restart, it does not answer for a moment.
    if (reason !== '' && reason !== complaints.text) Object.assign(complaints, { text: reason, since: Date.now() })
    const starting = cluster?.members.some((member) => member.name === name && member.state === 'starting') === true
    const stuck = reason !== '' && !starting && Date.now() - complaints.since > believed * 1000
    if (
      unit === 'inactive' ||
      unit === 'failed' ||
      unit === 'unknown' ||
      stuck ||
      Date.now() - started > seconds * 1000
    )
      throw notReady(host, name, { cluster, unit, reason, seconds: Math.round((Date.now() - started) / 1000) })
    await sleep(pause)
  }
}

/** What the unit and its server said since each was last started: an older complaint may have been mended since. */
const why = raw(`systemctl is-active patroni 2>/dev/null || [ $? -ne 127 ] || echo unknown
v=$(systemctl show -p InvocationID --value patroni 2>/dev/null)
journalctl "_SYSTEMD_INVOCATION_ID=$v" + "INVOCATION_ID=$v" --since=-60s --no-pager -o cat -n 200 2>/dev/null
v=$(TZ=UTC systemctl show -p InactiveExitTimestamp --value patroni 2>/dev/null)
find "$(ls -t /var/log/postgresql/*.log 2>/dev/null | head -n 1)" -mmin -1 -newermt "$v" -exec tail -n 200 {} \\; 2>/dev/null |
  sed -n 'H;/starting PostgreSQL/h;\${g;p}'
:`)

async function whyNot(host: HostReader): Promise<{ readonly unit: string; readonly reason: string }> {
  const { stdout } = await host.ask(why)
  const [unit = '', ...journal] = stdout.split('\n')
  return { unit: unit.trim(), reason: reasonIn(journal.join('\n')) ?? '' }
}

interface NotReady {
  readonly cluster: Cluster | undefined
  readonly unit: string
  readonly reason: string
  readonly seconds: number
}

function notReady(host: HostReader, name: string, { cluster, unit, reason, seconds }: NotReady): Unreadable {
  const members = cluster === undefined ? 'it does not answer' : showMembers(cluster)
  const cause = reason === '' ? members : `${reason} (${members})`
  return new Unreadable(
    unit === 'active' || unit.startsWith('activ')
      ? `member ${name} was not ready within ${seconds} s: ${cause}`
      : `Patroni does not run (${unit || 'no such unit'}): ${reason || 'its journal names no reason'}`,
    'service',
    {
      host: host.name,
      next: adviceFor(reason),
      data: { unit, reason, members: cluster?.members ?? [] },
    },
  )
}

/** What to do about it, if that is known. */
export function adviceFor(reason: string): string {
  if (/password authentication/.test(reason))
    return 'give the password that the cluster was made with (superuser_password, replication_password), or set the new one on the leader first'
  if (/pg_hba/.test(reason)) return 'let the member in: postgresql.pg_hba of the leader’s /etc/patroni/config.yml'
  if (/etcd|list of machines/i.test(reason))
    return 'see that etcd runs and is reached from here: etcd_info, journalctl -u etcd'
  if (/system ID/i.test(reason))
    return 'its data is of another cluster: move the data directory away, and it is cloned; or give another scope'
  return 'read journalctl -u patroni and /var/log/postgresql on the host'
}
