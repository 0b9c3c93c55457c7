import type { Here } from '../variables/logical-variables.ts'
import { pair, published, subscribed } from '../variables/logical-topology.ts'
import type { Flow, Picture } from './picture.ts'
import { slotOf } from '../variables/variables.ts'

/** The answer of one server about itself. Every part may be missing: in check mode, or when the server does not answer. */
export interface Said {
  readonly standby?: boolean
  readonly slots?: readonly { readonly name: string; readonly active: boolean; readonly lag: number | null }[]
  readonly subscriptions?: readonly { readonly name: string; readonly enabled: boolean; readonly states: string }[]
  readonly senders?: readonly { readonly name: string; readonly state: string; readonly lag: number | null }[]
}

/** One row with one column, `said`. */
export const whatServersSay = `SELECT json_build_object('standby', pg_is_in_recovery(),
    'slots', (SELECT coalesce(json_agg(json_build_object('name', slot_name, 'active', active, 'lag', pg_wal_lsn_diff(l.now, coalesce(confirmed_flush_lsn, restart_lsn))::bigint) ORDER BY slot_name), '[]') FROM pg_replication_slots),
    'subscriptions', (SELECT coalesce(json_agg(json_build_object('name', subname, 'enabled', subenabled,
        'states', (SELECT string_agg(DISTINCT srsubstate::text, '') FROM pg_subscription_rel WHERE srsubid = s.oid)) ORDER BY subname), '[]') FROM pg_subscription s),
    'senders', (SELECT coalesce(json_agg(json_build_object('name', application_name, 'state', state, 'lag', pg_wal_lsn_diff(l.now, replay_lsn)::bigint)), '[]') FROM pg_stat_replication)
  ) AS said FROM (SELECT CASE WHEN pg_is_in_recovery() THEN pg_last_wal_replay_lsn() ELSE pg_current_wal_lsn() END AS now) l`

type Groups = Pick<Here, 'group' | 'soleHost'>

/** Who publishes what to whom, over which slots, and the standby behind the reader. */
export function logicalPicture(here: Groups, said: ReadonlyMap<string, Said>): Picture {
  const two = pair(here)
  const leader = two.find(({ name }) => said.get(name)?.standby === false) ?? two[0]
  const follower = two.find(({ name }) => name !== leader.name) ?? two[1]
  const subscribers = [...here.group('publisher'), leader]
  return {
    title: 'Logical replication',
    servers: [...subscribers, follower].map(({ name, vars }) => ({
      name,
      about: [
        `${vars.private_ip}:${vars.pg_port}, PostgreSQL ${vars.pg_version}`,
        ...published(here)
          .filter(({ publisher }) => publisher.name === name)
          .map(({ table, publication }) => `writes ${table}, publishes it as ${publication}`),
        ...(name === leader.name ? ['reads everything'] : []),
        ...(name === follower.name ? [`hot standby of ${leader.name}, read-only`] : []),
      ],
    })),
    flows: [
      ...subscribers.flatMap(({ name }) => subscribed(here, name).map((one) => logicalFlow(one, name, said))),
      physicalFlow(leader.name, follower.name, said),
    ],
  }
}

function logicalFlow(one: ReturnType<typeof subscribed>[number], to: string, said: ReadonlyMap<string, Said>): Flow {
  const slot = said.get(one.publisher.name)?.slots?.find(({ name }) => name === one.slot)
  const subscription = said.get(to)?.subscriptions?.find(({ name }) => name === one.subscription)
  const known = subscription !== undefined && said.has(one.publisher.name)
  const copied = subscription?.states === 'r'
  return {
    from: one.publisher.name,
    to,
    what: `${one.publication} by ${one.subscription}, slot ${one.slot}`,
    state: !known
      ? ''
      : !subscription.enabled
        ? 'disabled'
        : slot === undefined
          ? 'its slot is gone'
          : [slot.active ? (copied ? 'streaming' : 'copying') : 'nobody streams', `${slot.lag ?? 0} bytes behind`].join(
              ', ',
            ),
    flowing: slot?.active === true && subscription?.enabled === true,
  }
}

function physicalFlow(from: string, to: string, said: ReadonlyMap<string, Said>): Flow {
  const sender = said.get(from)?.senders?.find(({ name }) => name === to)
  const state = sender === undefined ? 'nobody streams' : `${sender.state}, ${sender.lag ?? 0} bytes behind`
  return {
    ...{ from, to, what: `everything, slot ${slotOf(to)}` },
    state: said.has(from) ? state : '',
    flowing: sender?.state === 'streaming',
  }
}
