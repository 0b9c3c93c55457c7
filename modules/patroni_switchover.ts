import {
  change,
  defined,
  defineModule,
  HostwrightError,
  optional,
  Type,
  unchanged,
  unknownText,
  withDefault,
} from '../lib/index.ts'
import { readCluster } from '../lib/kit/patroni/cluster.ts'
import { handOver, type HandOverResult } from '../lib/kit/patroni/hand-over.ts'
import { apiParams } from '../lib/kit/patroni/params.ts'

/**
 * Hands the lead of a healthy cluster to another member, in order: the leader stops first, so nothing is lost. Nothing to do when `candidate` leads. Without
 * one Patroni chooses, and it changes each time. Waits until the former leader streams from the new one.
 *
 * Follows https://patroni.readthedocs.io/en/latest/rest_api.html (POST /switchover).
 *
 * @throws when nobody leads (then it takes `patroni_failover`), Patroni refuses, or the members are not back within `timeout`.
 * @example
 * patroni_switchover({ candidate: 'pg02' })
 */
export const patroni_switchover = defineModule({
  name: 'patroni_switchover',
  summary: 'Hands the lead of a Patroni cluster to another member.',
  params: {
    ...apiParams,
    candidate: optional(Type.String({ description: 'The member that is to lead. Default: Patroni chooses.' })),
    timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds to wait for each step.' }), 180),
  },
  examples: [{ name: 'To this member', params: { candidate: 'pg02' } }],
  plan: async ({ candidate, timeout, ...api }, host) => {
    const { leader, members } = await readCluster(host, api)
    if (leader !== '' && leader === candidate) return unchanged<HandOverResult>({ leader, former: leader })
    const trouble =
      leader === ''
        ? 'nobody leads the cluster'
        : candidate !== undefined && !members.some(({ name }) => name === candidate)
          ? `the cluster has no member ${candidate}`
          : undefined
    if (trouble !== undefined)
      throw new HostwrightError(trouble, {
        host: host.name,
        next:
          leader === ''
            ? 'see why; patroni_failover names a leader by hand'
            : `its members: ${members.map(({ name }) => name).join(', ')}`,
      })
    const next = candidate ?? unknownText('the new leader')
    return change<HandOverResult>({
      diff: [{ of: 'cluster', before: { leader }, after: { leader: candidate ?? 'another member' } }],
      result: { leader: next, former: leader },
      apply: async (applied) => {
        const now = await handOver(applied, api, { kind: 'switchover', leader, candidate }, timeout)
        return defined({ leader: now })
      },
    })
  },
})
