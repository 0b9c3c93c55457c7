import type { HostReader } from '../../host/host.ts'
import { get } from '../http/client.ts'
import { leads, objectIn, rootOf, runs, type Cluster } from './cluster.ts'

/** Does this member run: as the leader, or streaming from it? */
export async function memberRuns(host: HostReader, { members }: Cluster, name: string): Promise<boolean> {
  const member = members.find((one) => one.name === name)
  if (member === undefined || !runs(member)) return false
  if (leads(member)) return true
  const leader = members.find(leads)
  if (leader === undefined) return false
  const [said] = await get(host, [{ url: `${rootOf(leader)}/patroni` }])
  return said !== undefined && streamsFrom(objectIn(said), name)
}

/** Does the leader report that it sends WAL to this member? */
export function streamsFrom(leader: Readonly<Record<string, unknown>> | undefined, name: string): boolean {
  const list: readonly unknown[] = Array.isArray(leader?.['replication']) ? leader['replication'] : []
  return list.some(
    (one) =>
      typeof one === 'object' &&
      one !== null &&
      'application_name' in one &&
      'state' in one &&
      one.application_name === name &&
      one.state === 'streaming',
  )
}
