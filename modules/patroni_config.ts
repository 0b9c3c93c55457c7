import {
  change,
  ChangedSincePlan,
  defineModule,
  HostwrightError,
  Type,
  unchanged,
  withDefault,
  type Diff,
  type Host,
  type HostReader,
} from '../lib/index.ts'
import { get, send } from '../lib/kit/http/client.ts'
import { objectIn, readCluster, type Member } from '../lib/kit/patroni/cluster.ts'
import { pendingOnceRead } from '../lib/kit/patroni/in-force.ts'
import { apiParams, type Api } from '../lib/kit/patroni/params.ts'
import { configLines, patched } from '../lib/kit/patroni/patch.ts'
import { nextFor, restartInTurn } from '../lib/kit/patroni/rolling.ts'

/** The result of `patroni_config`. */
export interface PatroniConfigResult {
  /** The dynamic configuration, whole. */
  readonly config: Readonly<Record<string, unknown>>
  /** Names of the members whose settings wait for a restart. */
  readonly pending_restart: readonly string[]
  /** Names of the members that were restarted, in this order. */
  readonly restarted: readonly string[]
}

/**
 * The cluster's dynamic configuration, which Patroni keeps in its store (`patronictl edit-config`). What is not given stays as it is; `null` takes a key away.
 * Values are compared as text. After a change it waits until every member has read it, and says which then need a restart.
 *
 * `restart` restarts those one by one, the leader last, each only when the one before streams again; also those that still waited for one.
 *
 * Follows https://patroni.readthedocs.io/en/latest/dynamic_configuration.html and rest_api.html (PATCH /config, POST /restart).
 *
 * @throws when Patroni does not answer, refuses the change, or a member does not come back within `timeout`.
 * @example
 * patroni_config({ settings: { postgresql: { parameters: { work_mem: '8MB' } } } })
 */
export const patroni_config = defineModule({
  name: 'patroni_config',
  summary: "A Patroni cluster's dynamic configuration.",
  params: {
    ...apiParams,
    settings: Type.Record(Type.String(), Type.Unknown(), { description: 'What is to be in it.' }),
    restart: withDefault(Type.Boolean({ description: 'Restart members whose settings wait for it.' }), false),
    timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds that one member may take.' }), 120),
  },
  examples: [
    { name: 'At once', params: { settings: { postgresql: { parameters: { work_mem: '8MB' } } } } },
    {
      name: 'With a restart',
      params: { settings: { postgresql: { parameters: { max_connections: 150 } } }, restart: true },
    },
  ],
  plan: async ({ settings, restart, timeout, ...api }, host) => {
    const [config, { members }] = await Promise.all([readConfig(host, api), readCluster(host, api)])
    const wanted = patched(config, settings)
    const differs = configLines(config) !== configLines(wanted)
    const waiting = members.filter((member) => member.pending_restart)
    const names = (list: readonly Member[]) => list.map(({ name }) => name)
    if (!differs && !(restart && waiting.length > 0))
      return unchanged<PatroniConfigResult>({ config, pending_restart: names(waiting), restarted: [] })
    const diff: readonly Diff[] = [
      ...(differs ? [{ of: 'dynamic configuration', before: configLines(config), after: configLines(wanted) }] : []),
      ...(restart && waiting.length > 0
        ? [{ of: 'members', before: { pending_restart: names(waiting) }, after: { pending_restart: [] } }]
        : []),
    ]
    return change<PatroniConfigResult>({
      diff,
      result: {
        ...{ config: wanted, pending_restart: restart ? [] : names(waiting) },
        restarted: restart ? names(waiting) : [],
      },
      apply: async (applied) => {
        if (differs) {
          const request = { ...api, url: `${api.url}/config`, method: 'PATCH', body: settings } as const
          const leaves = { status: 200, body: JSON.stringify(wanted) }
          const response = await send(applied, request, { kind: 'command', name: about }, leaves)
          if (response === undefined) return {}
          // Patroni compares with what it had read itself.
          if (response.status === 409)
            throw new ChangedSincePlan('others changed the configuration at the same time', { host: host.name })
          if (response.status !== 200)
            throw new HostwrightError(`Patroni did not take the configuration: ${response.body.trim()}`, {
              host: host.name,
              next: nextFor(response.status, host.name),
            })
        }
        const pending = differs ? await pendingOnceRead(applied, members, timeout) : names(waiting)
        if (!restart) return { pending_restart: pending }
        return inTurn(applied, api, members, pending, timeout)
      },
    })
  },
})

const about = "the cluster's configuration"

/**
 * A standby may not allow less than its leader (max_connections and the like), so that when such a setting goes down it needs a second restart, after the
 * leader's.
 */
async function inTurn(
  host: Host,
  api: Api,
  members: readonly Member[],
  pending: readonly string[],
  seconds: number,
): Promise<Partial<PatroniConfigResult>> {
  const restarted: string[] = []
  let due = pending
  for (let round = 0; round < 3 && due.length > 0; round += 1) {
    const names = due
    const done = await restartInTurn(
      host,
      api,
      members.filter(({ name }) => names.includes(name)),
      seconds,
    )
    if (done === undefined) return {}
    restarted.push(...done)
    due = await pendingOnceRead(host, members, seconds)
  }
  return { pending_restart: due, restarted }
}

async function readConfig(host: HostReader, api: Api): Promise<Readonly<Record<string, unknown>>> {
  const [response] = await get(host, [{ url: `${api.url}/config` }], about)
  return objectIn(response ?? { body: '' }) ?? {}
}
