/**
 * What synchronous replication is asked to show: standbys turn from async to sync and potential; rows arrive on both; a standby takes no writes; the master goes on
 * without the last standby, and waits when there is none. What is stopped is started again. Run it before and after `playbooks/switchover.ts -e promote=…`: it holds
 * for whoever leads.
 */
import { defaults, main, play, playbook } from '../lib/index.ts'
import { assert } from '../modules/assert.ts'
import { command } from '../modules/command.ts'
import { debug } from '../modules/debug.ts'
import { pg_conf } from '../modules/pg_conf.ts'
import { pg_db } from '../modules/pg_db.ts'
import { pg_query } from '../modules/pg_query.ts'
import { service } from '../modules/service.ts'
import { othersOf, synchronousNames, synchronousOrder } from './variables/members.ts'
import { whoLeads } from './roles/leader.ts'
import { whoFollowsWhom } from './roles/report.ts'
import { onServers, unit, type ServerVariables, type Variables } from './variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [defaults([pg_db, pg_query], { port: vars.pg_port })]

const database = 'hostwright_verify'

interface Known {
  readonly results: Readonly<Record<string, unknown>>
}
/** Once, on whoever leads. */
const onLeader = {
  run_once: true,
  delegate_to: ({ results }: Known) => (results['leader'] as { readonly name: string }).name,
}

const standbyStates = (states: readonly string[]) =>
  pg_query({
    query: `SELECT FROM pg_stat_replication WHERE state = 'streaming' HAVING array_agg(sync_state ORDER BY sync_state DESC)::text[] = $1::text[]`,
    positional_args: [states],
  })
const patiently = { ...onLeader, retries: 60, delay: 0.5 }
const waitsFor = (vars: Variables, names: string) =>
  pg_conf({
    version: vars.pg_version,
    port: vars.pg_port,
    path: `/etc/postgresql/${vars.pg_version}/main/conf.d/synchronous.conf`,
    settings: { synchronous_standby_names: names },
  })
const insert = (id: number) => pg_query({ query: `INSERT INTO test (id) VALUES (${id})`, db: database })

export const states = play('From async to sync', { ...onServers, module_defaults: atPort })
  .use(whoLeads)
  .block(
    'Without and with names',
    (block) =>
      block
        .task('Commits wait for nobody', ({ vars }) => waitsFor(vars, ''), onLeader)
        .task('All standbys are async', ({ host, ...here }) => standbyStates(othersOf(here, host).map(() => 'async')), {
          ...patiently,
          until: (result) => result.rowcount === 1,
        }),
    {
      always: (always) =>
        always.task(
          'Commits wait for standbys again',
          ({ vars, results, ...here }) => waitsFor(vars, synchronousNames(here, results.leader.name, vars)),
          onLeader,
        ),
    },
  )
  .task(
    'One is sync, the next potential',
    ({ vars, host, ...here }) =>
      vars.sync_method === 'FIRST' &&
      standbyStates(othersOf(here, host).map((_, rank) => (rank < vars.sync_count ? 'sync' : 'potential'))),
    { ...patiently, until: (result) => result.rowcount === 1 },
  )

export const rows = play('Rows arrive', { ...onServers, module_defaults: atPort })
  .use(whoLeads)
  .task('A database of our own', () => pg_db({ name: database }), onLeader)
  .task('A table', () => pg_query({ query: 'CREATE TABLE test (id bigint PRIMARY KEY)', db: database }), onLeader)
  .task('A row', () => insert(1), onLeader)
  .task('It is everywhere', () => pg_query({ query: 'SELECT FROM test WHERE id = 1', db: database }), {
    until: (result) => result.rowcount === 1,
    retries: 60,
    delay: 0.5,
  })
  .task('A standby takes no rows', ({ host, results }) => host !== results.leader.name && insert(2), {
    // 25006: cannot execute INSERT in a read-only transaction
    failed_when: (result) => !('code' in result) || result.code !== '25006',
    changed_when: () => false,
    register: 'refused',
  })

export const stopped = play('Without standbys', { ...onServers, module_defaults: atPort })
  .use(whoLeads)
  .block(
    'Stopped and started again',
    (block) =>
      block
        .task(
          'The last standby stops',
          ({ vars, host, results, ...here }) =>
            host === synchronousOrder(here, results.leader.name).at(-1) &&
            service({ name: unit(vars), state: 'stopped' }),
        )
        .task(
          'The master goes on',
          ({ vars, results, ...here }) =>
            synchronousOrder(here, results.leader.name).length > vars.sync_count && insert(2),
          { ...onLeader, timeout: 60 },
        )
        .task(
          'All standbys stop',
          ({ vars, host, results }) => host !== results.leader.name && service({ name: unit(vars), state: 'stopped' }),
        )
        .task(
          'A commit waits, until its time is over',
          ({ vars }) =>
            command({
              argv: [
                ...['psql', '-Xqw', '-p', String(vars.pg_port), '-d', database],
                ...[
                  '-c',
                  "SET statement_timeout TO '3s'",
                  '-c',
                  'DO $$ BEGIN INSERT INTO test (id) VALUES (3); COMMIT; END $$',
                ],
              ],
              environment: { LC_ALL: 'C' },
            }),
          { ...onLeader, become_user: 'postgres', register: 'waited' },
        )
        .task(
          'It waited for a standby',
          ({ results }) =>
            assert({
              that: {
                'the server gave up waiting for a standby': results.waited.stderr.includes(
                  'canceling wait for synchronous replication',
                ),
              },
            }),
          { run_once: true },
        ),
    {
      always: (always) => always.task('They run again', ({ vars }) => service({ name: unit(vars), state: 'started' })),
    },
  )
  .task(
    'Every standby streams again, and has the row',
    () => pg_query({ query: 'SELECT FROM test WHERE id = 3', db: database }),
    { until: (result) => result.rowcount === 1, retries: 120, delay: 0.5 },
  )
  .task('Leave nothing behind', () => pg_db({ name: database, state: 'absent', force: true }), onLeader)

export const shown = play('What was shown', onServers)
  .use(whoFollowsWhom)
  .task(
    'Verdict',
    ({ results, ...here }) =>
      debug({
        msg: `led by ${results.leader.name}; ${synchronousOrder(here, results.leader.name).join(', ')} turned from async to sync and potential, got every row and took none; commits waited when none was there`,
      }),
    { run_once: true },
  )

/**
 * Checks {@link sync}: commits wait for their standbys, also when these are stopped. It stops standbys and starts them again. Variables: {@link replicationVariables}.
 *
 * @example
 * export { verifySync as default } from 'hostwright/playbooks' // npx hostwright run verify.ts -i hosts.yml
 */
const verify = playbook('verify-sync', [states, rows, stopped, shown])
export default verify
await main(import.meta, verify)
