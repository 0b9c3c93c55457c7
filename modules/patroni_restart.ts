import { change, defineModule, HostwrightError, listOf, optional, Type, unchanged, withDefault } from '../lib/index.ts'
import { readCluster } from '../lib/kit/patroni/cluster.ts'
import { apiParams } from '../lib/kit/patroni/params.ts'
import { restartInTurn, restartOrder } from '../lib/kit/patroni/rolling.ts'

/** The result of `patroni_restart`. */
export interface PatroniRestartResult {
  /** Names of the members that are restarted, in this order. */
  readonly restarted: readonly string[]
}

/**
 * Restarts PostgreSQL on the members one by one: replicas first, the leader last, each only when the one before streams again. With `pending` only those
 * whose settings wait for a restart; nothing to do when none does. Without it, it changes each time.
 *
 * Follows https://patroni.readthedocs.io/en/latest/rest_api.html (POST /restart).
 *
 * @throws when a member is not known, does not restart, or is not back within `timeout`; the remaining ones then are left as they are.
 * @example
 * patroni_restart({ pending: true })
 */
export const patroni_restart = defineModule({
  name: 'patroni_restart',
  summary: 'Restarts the members of a Patroni cluster one by one.',
  params: {
    ...apiParams,
    members: optional(listOf(Type.String(), { description: 'These only. Default: all.' })),
    pending: withDefault(Type.Boolean({ description: 'Only those whose settings wait for a restart.' }), false),
    timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds that one member may take.' }), 120),
  },
  examples: [
    { name: 'Where a setting needs it', params: { pending: true } },
    { name: 'One', params: { members: ['pg02'] } },
  ],
  plan: async ({ members: named, pending, timeout, ...api }, host) => {
    const { members } = await readCluster(host, api)
    const unknown = named?.filter((name) => !members.some((member) => member.name === name)) ?? []
    if (unknown.length > 0)
      throw new HostwrightError(`the cluster has no member ${unknown.join(', ')}`, {
        host: host.name,
        next: `its members: ${members.map(({ name }) => name).join(', ')}`,
      })
    const due = restartOrder(
      members.filter((member) => (named?.includes(member.name) ?? true) && (!pending || member.pending_restart)),
    )
    const restarted = due.map(({ name }) => name)
    if (due.length === 0) return unchanged<PatroniRestartResult>({ restarted })
    return change<PatroniRestartResult>({
      diff: [{ of: 'members', before: { running: restarted }, after: { restarted } }],
      result: { restarted },
      apply: async (applied) => {
        await restartInTurn(applied, api, due, timeout)
      },
    })
  },
})
