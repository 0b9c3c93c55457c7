import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'
import type { Host } from '../../host/host.ts'
import { send } from '../http/client.ts'
import { leads, runs } from './cluster.ts'
import type { Api } from './params.ts'
import { backAgain, nextFor, settled } from './rolling.ts'

/** A change of Patroni's leader. */
export interface HandOver {
  /** Planned, or because the leader is lost. */
  readonly kind: 'switchover' | 'failover'
  /** The name of the current leader; empty when there is none. */
  readonly leader: string
  /** The name of the next leader; Patroni chooses by default. */
  readonly candidate: string | undefined
}

/** What `patroni_switchover` and `patroni_failover` return. */
export interface HandOverResult {
  /** The member that leads now. */
  readonly leader: string
  /** The member that led before; empty when nobody did. */
  readonly former: string
}

/**
 * Has Patroni hand the lead over, and waits until another member leads; after a switchover also until the former leader streams from it.
 *
 * @returns the name of the new leader; nothing in a simulated run.
 */
export async function handOver(host: Host, api: Api, how: HandOver, seconds: number): Promise<string | undefined> {
  const { kind, leader, candidate } = how
  const body = { ...(kind === 'switchover' ? { leader } : {}), ...defined({ candidate }) }
  host.progress(`${kind}: ${leader || 'nobody'} → ${candidate ?? 'whoever is best'}`)
  const response = await send(
    host,
    { ...api, url: `${api.url}/${kind}`, method: 'POST', body, timeout: seconds },
    { kind: 'service', name: `${kind} of the cluster` },
  )
  if (response === undefined) return undefined
  if (response.status !== 200 && response.status !== 202)
    throw new HostwrightError(`Patroni refused the ${kind}: ${response.body.trim()}`, {
      host: host.name,
      next: nextFor(response.status, host.name),
      data: { status: response.status },
    })
  const after = await settled(host, api, seconds, 'another leader', ({ members }) =>
    members.some(
      (member) => leads(member) && runs(member) && member.name === (candidate ?? member.name) && member.name !== leader,
    ),
  )
  if (kind === 'switchover') await backAgain(host, api, leader, seconds)
  return after.leader
}
