import { optional, role, schema, Type } from '../../lib/index.ts'
import { debug } from '../../modules/debug.ts'
import { pg_query } from '../../modules/pg_query.ts'
import { variables, type Variables } from '../variables/variables.ts'
import { askWhoLeads } from './leader.ts'

/** A switchover's variables name who is promoted; in check mode another may still take writes. */
const told = schema({ ...variables.properties, promote: optional(Type.String()) })

/** One row for each slot of the server that leads, with whoever streams from it. */
export const askOfStandbys = ({ pg_port }: Pick<Variables, 'pg_port'>) =>
  pg_query({
    query: `SELECT s.slot_name AS slot, s.active, r.application_name AS name, host(r.client_addr) AS address, r.state, r.sync_state,
      pg_wal_lsn_diff(pg_current_wal_lsn(), r.replay_lsn)::bigint AS lag, current_setting('synchronous_standby_names') AS names
    FROM pg_replication_slots s LEFT JOIN pg_stat_replication r ON r.pid = s.active_pid ORDER BY s.slot_name`,
    port: pg_port,
  })

/** Who follows whom, over which slot, in which state, how far behind: told by whoever leads. */
export const whoFollowsWhom = role({ vars: told }, (chain) =>
  chain
    .task('Who leads?', (here) => askWhoLeads(here, here.vars.promote), { register: 'leader' })
    .block(
      'Whoever leads tells',
      (block) =>
        block
          .task('Ask whoever leads', ({ vars }) => askOfStandbys(vars), { register: 'standbys' })
          .task('Report', ({ vars, host, results }) =>
            debug({
              msg: [
                `${host} (${vars.private_ip}): leads, PostgreSQL ${vars.pg_version}, port ${vars.pg_port}`,
                `  commits wait for ${String(results.standbys.rows[0]?.['names'] ?? '') || 'no standby'}`,
                ...results.standbys.rows.map(standbyLine),
              ].join('\n'),
            }),
          ),
      { when: ({ host, results }) => host === results.leader.name },
    ),
)

function standbyLine(row: Readonly<Record<string, unknown>>): string {
  const text = (name: string) => String(row[name] ?? '')
  const who = `${text('name')} (${text('address')}), ${text('state')}, ${text('sync_state')}, ${text('lag') || '0'} bytes behind`
  return `  └─ slot ${text('slot')}: ${row['active'] === true ? who : 'nobody streams from it'}`
}
