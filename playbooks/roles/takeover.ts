import { isSynchronous, othersOf } from '../variables/members.ts'
import type { Here } from '../variables/variables.ts'
import type { PgTopologyResult } from '../../modules/pg_topology.ts'
import { postgres } from '../../lib/kit/index.ts'

/** The answer of the standby that is to take over. */
export interface Candidate {
  readonly standby: boolean
  /** Whether it streams from whoever leads; a power cut it notices a minute later. */
  readonly streams: boolean
  /** Whether it has received something in the last seconds. */
  readonly hears: boolean
}

type Inventory = Pick<Here, 'optionalGroup'>

/**
 * What speaks against a server taking over: acknowledged rows that it lacks, or may lack. Undefined when none can be lost.
 *
 * When the one that leads lives, it is stopped first and the standby waits for its last WAL: then it is enough that it streams. When it is dead, commits that had to wait
 * for `count` standbys are on at least one of every `all - count + 1` of them: so many must answer, and none be ahead.
 */
export function whyNot(
  promote: string,
  { name, alive, servers }: PgTopologyResult,
  { standby, streams, hears }: Candidate,
  inventory: Inventory,
  count: number,
): string | undefined {
  const candidate = servers.find((server) => server.name === promote)
  if (candidate === undefined)
    return `there is no server ${promote}: there are ${servers.map((server) => server.name).join(', ')}`
  const synchronous = isSynchronous(inventory)
  if (!standby) {
    const rival = servers.find((server) => server.role === 'primary' && server.name !== promote)
    if (rival === undefined || synchronous) return undefined
    return `${rival.name} takes writes too: what it has taken since ${promote} was promoted would be lost`
  }
  if (alive)
    return streams
      ? undefined
      : `${promote} does not stream from ${name}, which takes writes: it lacks what was written since it stopped`
  if (hears) return `${promote} still streams from ${name}, so that one lives, and yet it does not answer`
  const ahead = servers.find(
    (server) => server.name !== promote && postgres.lsn(server.lsn) > postgres.lsn(candidate.lsn),
  )
  if (ahead !== undefined)
    return `${ahead.name} has received more (${ahead.lsn}) than ${promote} (${candidate.lsn}): promote that one`
  if (servers.every((server) => server.role !== 'silent')) return undefined
  if (!synchronous)
    return `${name} does not answer, and its commits did not wait for ${promote}: the last ones may be missing there`
  const all = othersOf(inventory, name).length
  const needed = all - count + 1
  const answering = servers.filter((server) => server.name !== name && server.role === 'standby').length
  if (answering >= needed) return undefined
  return `${name} does not answer, and only ${answering} of its ${all} standbys do: a commit may be on the other alone (${needed} must answer)`
}
