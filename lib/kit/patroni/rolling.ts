import { setTimeout as sleep } from 'node:timers/promises'
import { HostwrightError } from '../../error.ts'
import type { Host, HostReader } from '../../host/host.ts'
import { send } from '../http/client.ts'
import { askCluster, leads, rootOf, showMembers, type Cluster, type Member } from './cluster.ts'
import type { Api } from './params.ts'
import { memberRuns } from './streaming.ts'

/** The order in which members are restarted: the leader last, so that clients wait once. */
export const restartOrder = (members: readonly Member[]): readonly Member[] => [
  ...members.filter((member) => !leads(member)),
  ...members.filter(leads),
]

/** Restarts these members one by one; the next only once the one before is back. In a simulated run there is no answer, and none is restarted. */
export async function restartInTurn(
  host: Host,
  api: Api,
  members: readonly Member[],
  seconds: number,
): Promise<readonly string[] | undefined> {
  const ordered = restartOrder(members)
  for (const member of ordered) {
    host.progress(`restarting ${member.name}`)
    const response = await send(
      host,
      { ...api, url: `${rootOf(member)}/restart`, method: 'POST', body: {}, timeout: seconds },
      { kind: 'service', name: `member ${member.name}` },
    )
    if (response === undefined) return undefined
    if (response.status !== 200)
      throw new HostwrightError(`member ${member.name} did not restart: ${response.body.trim()}`, {
        host: host.name,
        next: nextFor(response.status, member.name),
        data: { status: response.status },
      })
    await backAgain(host, api, member.name, seconds)
  }
  return ordered.map(({ name }) => name)
}

/** What to do about a request that the REST API refused. */
export function nextFor(status: number, member: string): string {
  if (status === 401) return 'give the username and password of restapi.authentication'
  if (status === 0) return `see on ${member} why Patroni does not answer: journalctl -u patroni`
  return `see on ${member}: patronictl list, journalctl -u patroni`
}

/** Waits until a member runs, and streams if another leads. */
export async function backAgain(host: HostReader, api: Api, name: string, seconds: number): Promise<Cluster> {
  return settled(host, api, seconds, `${name} to be back`, (cluster) => memberRuns(host, cluster, name))
}

/** Looks at the cluster every second until it is as wanted, and tells how its members are. */
export async function settled(
  host: HostReader,
  api: Pick<Api, 'url'>,
  seconds: number,
  what: string,
  holds: (cluster: Cluster) => boolean | Promise<boolean>,
): Promise<Cluster> {
  for (const end = Date.now() + seconds * 1000; ;) {
    const cluster = await askCluster(host, api)
    if (cluster !== undefined && (await holds(cluster))) return cluster
    const members = cluster === undefined ? 'Patroni does not answer' : showMembers(cluster)
    host.progress(members)
    if (Date.now() > end)
      throw new HostwrightError(`waited ${seconds} s in vain for ${what}: ${members}`, {
        host: host.name,
        next: 'see why: patronictl list, and journalctl -u patroni on the member',
      })
    await sleep(1000)
  }
}
