import { defineModule, optional, Type, unchanged, withDefault } from '../lib/index.ts'
import { askCluster, leads, type Cluster } from '../lib/kit/patroni/cluster.ts'
import { urlParam } from '../lib/kit/patroni/params.ts'
import { memberReady } from '../lib/kit/patroni/ready.ts'

/** The result of `patroni_info`. */
export interface PatroniInfoResult extends Cluster {
  /** Whether Patroni answers here at all; without it there are no members. */
  readonly running: boolean
  /** Names of the members that do not lead. */
  readonly replicas: readonly string[]
  /** Names of the members whose settings wait for a restart. */
  readonly pending_restart: readonly string[]
}

/**
 * The cluster as a member's Patroni sees it: who leads, and of each member its role, state, timeline, lag in bytes, and whether it waits for a restart. No
 * Patroni is an answer (`running: false`), not an error.
 *
 * With `ready` it waits until that member runs, as the leader or streaming from it, and tells meanwhile how all members are.
 *
 * Follows https://patroni.readthedocs.io/en/latest/rest_api.html (GET /cluster). It takes python3 on the host, which Patroni itself needs.
 *
 * @throws with `ready`: when Patroni does not run, when it has complained of the same for half a minute, or when the time is up; with what its journal says.
 * @example
 * patroni_info({})
 */
export const patroni_info = defineModule({
  name: 'patroni_info',
  summary: 'Who leads a Patroni cluster, and how its members are.',
  reads: true,
  waits: true,
  params: {
    ...urlParam,
    ready: optional(Type.String({ description: 'Wait until this member (the one on this host) runs.' })),
    timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds to wait for it.' }), 300),
  },
  examples: [
    { name: 'Who leads?', params: {} },
    { name: 'Once this member runs', params: { ready: 'pg01', timeout: 600 } },
  ],
  plan: async ({ ready, timeout, ...api }, host) => {
    const cluster = ready === undefined ? await askCluster(host, api) : await memberReady(host, api, ready, timeout)
    const { members, ...rest } = cluster ?? { scope: '', leader: '', members: [], paused: false }
    return unchanged<PatroniInfoResult>({
      ...rest,
      running: cluster !== undefined,
      members,
      replicas: members.filter((member) => !leads(member)).map(({ name }) => name),
      pending_restart: members.filter((member) => member.pending_restart).map(({ name }) => name),
    })
  },
})
