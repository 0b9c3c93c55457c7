import { change, defineModule, HostwrightError, Type, unchanged, withDefault } from '../lib/index.ts'
import { readCluster } from '../lib/kit/patroni/cluster.ts'
import { handOver, type HandOverResult } from '../lib/kit/patroni/hand-over.ts'
import { apiParams } from '../lib/kit/patroni/params.ts'

/**
 * Makes a member the leader of a cluster whose leader is gone, or is to go whatever becomes of it. Nothing to do when it leads. What the old leader had not
 * sent is lost: while it is well, use `patroni_switchover`.
 *
 * Follows https://patroni.readthedocs.io/en/latest/rest_api.html (POST /failover).
 *
 * @throws when Patroni does not answer or refuses, or nobody leads within `timeout`.
 * @example
 * patroni_failover({ candidate: 'pg02' })
 */
export const patroni_failover = defineModule({
  name: 'patroni_failover',
  summary: 'Makes a member the leader of a Patroni cluster by force.',
  params: {
    ...apiParams,
    candidate: Type.String({ minLength: 1, description: 'The member that is to lead.' }),
    timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds to wait for it.' }), 180),
  },
  examples: [{ name: 'This member', params: { candidate: 'pg02' } }],
  plan: async ({ candidate, timeout, ...api }, host) => {
    const { leader, members } = await readCluster(host, api)
    if (leader === candidate) return unchanged<HandOverResult>({ leader, former: leader })
    if (!members.some(({ name }) => name === candidate))
      throw new HostwrightError(`the cluster has no member ${candidate}`, {
        host: host.name,
        next: `its members: ${members.map(({ name }) => name).join(', ')}`,
      })
    return change<HandOverResult>({
      diff: [{ of: 'cluster', before: { leader: leader || 'nobody' }, after: { leader: candidate } }],
      result: { leader: candidate, former: leader },
      apply: async (applied) => {
        await handOver(applied, api, { kind: 'failover', leader, candidate }, timeout)
      },
    })
  },
})
