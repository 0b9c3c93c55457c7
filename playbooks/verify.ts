/** Checks of the systems: rows arrive on the replica, barman is content, and a restored backup holds the same rows. */
import { defaults, main, play, playbook } from '../lib/index.ts'
import { assert } from '../modules/assert.ts'
import { barman_backup } from '../modules/barman_backup.ts'
import { barman_check } from '../modules/barman_check.ts'
import { barman_list_backups } from '../modules/barman_list_backups.ts'
import { barman_switch_wal } from '../modules/barman_switch_wal.ts'
import { barman_verify_restore } from '../modules/barman_verify_restore.ts'
import { debug } from '../modules/debug.ts'
import { pg_db } from '../modules/pg_db.ts'
import { pg_query } from '../modules/pg_query.ts'
import { barmanName } from './roles/barman.ts'
import { follows, leads, onLeader, whoLeads, whoLeadsForBarman } from './roles/leader.ts'
import { backupVariables, barmanSlot, onServers, slotOf, streams, type ServerVariables } from './variables/variables.ts'

/** Where these modules find the server. */
const atPort = ({ vars }: { readonly vars: ServerVariables }) => [defaults([pg_db, pg_query], { port: vars.pg_port })]

const onBackup = { hosts: 'backup', become: true, vars: backupVariables } as const
const database = 'hostwright_verify'
const allRows = 'SELECT id, note FROM notes ORDER BY id'

export const write = play('Write on the primary', { ...onServers, module_defaults: atPort })
  .use(whoLeads)
  .block(
    'Whoever leads',
    (block) =>
      block
        .task('A database of our own', () => pg_db({ name: database }))
        .task('A table', () =>
          pg_query({
            query:
              'CREATE TABLE IF NOT EXISTS notes (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, note text NOT NULL)',
            db: database,
          }),
        )
        .task('A row', () =>
          pg_query({
            query: "INSERT INTO notes (note) VALUES ('written ' || clock_timestamp())",
            db: database,
          }),
        ),
    { when: leads },
  )

export const read = play('Read on the replica', { ...onServers, module_defaults: atPort })
  .use(whoLeads)
  .block(
    'Whoever follows',
    (block) =>
      block
        .task('Rows on the primary', () => pg_query({ query: allRows, db: database }), {
          ...onLeader,
          register: 'primary',
        })
        .task(
          'The same rows on the replica',
          ({ results }) =>
            pg_query({
              query: `SELECT json_agg(n) AS rows FROM (${allRows}) n HAVING count(*) = $1`,
              positional_args: [results.primary.rows.length],
              db: database,
            }),
          { until: (result) => result.rowcount === 1, retries: 30, delay: 0.5, register: 'here' },
        )
        .task(
          'Writing on the replica is refused',
          () =>
            pg_query({
              query: "INSERT INTO notes (note) VALUES ('on a replica')",
              changes: true,
              db: database,
            }),
          {
            // 25006: cannot execute INSERT in a read-only transaction
            failed_when: (result) => !('code' in result) || result.code !== '25006',
            changed_when: () => false,
            register: 'refused',
          },
        )
        .task(
          'Its slot on the primary',
          ({ host }) =>
            pg_query({
              query: `SELECT s.active, s.wal_status, r.state, r.sync_state FROM pg_replication_slots s
          JOIN pg_stat_replication r ON r.pid = s.active_pid WHERE s.slot_name = $1`,
              positional_args: [slotOf(host)],
            }),
          { ...onLeader, register: 'slot' },
        )
        .task('The replica streams over it, and has the rows', ({ results }) => {
          const [slot] = results.slot.rows
          return assert({
            that: {
              'the slot is active': slot?.['active'] === true,
              'the replica streams': slot?.['state'] === 'streaming',
              'the rows are the same':
                JSON.stringify(results.here.rows[0]?.['rows']) === JSON.stringify(results.primary.rows),
            },
          })
        })
        .task('Report', ({ host, results }) =>
          debug({
            msg: `${host}: streams over an active slot, read-only, ${results.primary.rows.length} rows as on the primary`,
          }),
        ),
    { when: follows },
  )

export const backup = play('Back up, and restore', onBackup)
  .use(whoLeadsForBarman)
  .task('barman check', (here) => barman_check({ name: barmanName(here) }), { register: 'before' })
  .task('barman switch-wal --force --archive', (here) => barman_switch_wal({ name: barmanName(here), force: true }), {
    register: 'wal',
  })
  .task('barman backup', (here) => barman_backup({ name: barmanName(here), force: true, immediate_checkpoint: true }), {
    register: 'taken',
  })
  .task('barman list-backups', (here) => barman_list_backups({ name: barmanName(here) }), { register: 'list' })
  .task('barman check again', (here) => barman_check({ name: barmanName(here) }), { register: 'after' })
  .task('Rows on the primary', () => pg_query({ query: allRows, db: database }), {
    ...onLeader,
    register: 'primary',
  })
  .task('WAL of these rows is archived', (here) => barman_switch_wal({ name: barmanName(here), force: true }))
  .task(
    'Restore the backup, start it, read the rows',
    ({ vars, ...here }) =>
      barman_verify_restore({ name: barmanName(here), version: vars.pg_version, database, query: allRows }),
    { changed_when: () => false, register: 'restored' },
  )
  .task('The restored rows are those of the primary', ({ results }) =>
    assert({
      that: { 'the rows are the same': JSON.stringify(results.restored.rows) === JSON.stringify(results.primary.rows) },
      fail_msg: `the primary has ${results.primary.rows.length} rows, the restored backup ${results.restored.rows.length}`,
    }),
  )
  .task(
    'Who streams from the primary',
    () =>
      pg_query({
        query: `SELECT usename, application_name, host(client_addr) AS address, state, sync_state FROM pg_stat_replication ORDER BY 2`,
      }),
    { ...onLeader, register: 'streaming' },
  )
  .task('Barman streams too', ({ vars, results }) =>
    assert({
      that: {
        [`${barmanSlot} streams`]:
          !streams(vars) ||
          results.streaming.rows.some(
            (row) => row['application_name'] === 'barman_receive_wal' && row['state'] === 'streaming',
          ),
      },
    }),
  )
  .task('Report', ({ host, results }) =>
    debug({
      msg: [
        `${host}: barman check`,
        ...results.after.report.map((line) => `  ${line.trim()}`),
        'streaming from the primary:',
        ...results.streaming.rows.map((row) => `  ${Object.values(row).join('  ')}`),
        'backups:',
        ...results.list.report.map((line) => `  ${line.trim()}`),
        `restored backup ${results.taken.backup_id}: ${results.restored.rows.length} rows, the same as on the primary`,
      ].join('\n'),
    }),
  )

export const tidy = play('Leave nothing behind', { ...onServers, module_defaults: atPort })
  .use(whoLeads)
  .block(
    'Whoever leads',
    (block) => block.task('Drop the database', () => pg_db({ name: database, state: 'absent', force: true })),
    { when: leads },
  )

/**
 * Checks {@link site}: rows arrive on the replicas, `barman check` is content, and a backup that is restored holds the same rows. Leaves nothing behind. Variables:
 * {@link backupVariables}.
 *
 * @example
 * export { verify as default } from 'hostwright/playbooks' // npx hostwright run verify.ts -i hosts.yml
 */
const verify = playbook('verify', [write, read, backup, tidy])
export default verify
await main(import.meta, verify)
