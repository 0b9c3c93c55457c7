import { encode, type Chain, type Results, type Scope } from '../../lib/index.ts'
import { barman_server } from '../../modules/barman_server.ts'
import { command } from '../../modules/command.ts'
import { pg_query } from '../../modules/pg_query.ts'
import { template } from '../../modules/template.ts'
import { barmanSlot, streams, type BackupVariables, type Variables } from '../variables/variables.ts'

export const barmanPackages = ['barman', 'barman-cli', 'rsync']

/** Barman's name for the cluster, whichever host leads: the inventory's primary. */
export const barmanName = ({ soleHost }: Pick<Scope<Variables, unknown>, 'soleHost'>) => soleHost('primary').name

/** Whose task it is, where it is not that of each host of the play. */
interface Whose<S> {
  readonly run_once?: boolean
  readonly delegate_to?: (here: S) => string
}

/** Barman's way to the server that leads, at this address. A play that takes it up names this folder's parent as its `folder`, for the template. */
export const barmanPointed =
  <V extends BackupVariables, R extends Results>(
    address: (here: Scope<V, R>) => string,
    onBackup: Whose<Scope<V, R>> = {},
  ) =>
  <H extends string>(chain: Chain<V, R, H>) =>
    chain
      .task(
        'Passwords of its roles',
        (here) => {
          const { vars } = here
          const at = { host: address(here), port: vars.pg_port, database: '*' }
          return template({
            src: 'pgpass.ejs',
            dest: '/var/lib/barman/.pgpass',
            owner: 'barman',
            group: 'barman',
            mode: '0600',
            vars: {
              entries: [
                { ...at, user: vars.barman_user, password: vars.barman_password },
                { ...at, user: vars.barman_streaming_user, password: vars.barman_streaming_password },
              ],
            },
          })
        },
        onBackup,
      )
      .task(
        'The server to back up',
        (here) => {
          const { vars } = here
          const at = { host: address(here), port: String(vars.pg_port) }
          return barman_server({
            name: barmanName(here),
            description: `PostgreSQL ${vars.pg_version} on ${barmanName(here)}`,
            conninfo: encode.conninfoOf({ ...at, user: vars.barman_user, dbname: 'postgres' }),
            streaming_conninfo: encode.conninfoOf({ ...at, user: vars.barman_streaming_user }),
            backup_method: 'postgres',
            streaming_archiver: streams(vars),
            archiver: !streams(vars),
            slot_name: streams(vars) ? barmanSlot : undefined,
            path_prefix: `/usr/lib/postgresql/${vars.pg_version}/bin`,
            retention_policy: vars.barman_retention_policy,
          })
        },
        onBackup,
      )

/** WAL flows to barman, which connects again at once where cron would do it within the minute: waiting for that is no change. */
export const barmanStreaming =
  <V extends Variables, R extends Results>(onLeader: Whose<Scope<V, R>>, onBackup: Whose<Scope<V, R>> = {}) =>
  <H extends string>(chain: Chain<V, R, H>) =>
    chain
      .task(
        'Does WAL flow?',
        ({ vars }) =>
          pg_query({
            query: 'SELECT active FROM pg_replication_slots WHERE slot_name = $1',
            positional_args: [barmanSlot],
            port: vars.pg_port,
          }),
        { ...onLeader, register: 'stream' },
      )
      .task(
        // A primary that lost its power closed no connection: barman would wait for it much longer than for a new one.
        'Let barman hang up',
        ({ vars, results, ...here }) =>
          streams(vars) &&
          results.stream.rows[0]?.['active'] !== true &&
          command({
            argv: ['barman', 'receive-wal', '--stop', barmanName(here)],
            removes: `/var/lib/barman/.${barmanName(here)}-receive-wal.lock`,
          }),
        { ...onBackup, become_user: 'barman', changed_when: () => false, failed_when: () => false },
      )
      .task(
        'Let barman reconnect',
        ({ vars, results }) =>
          streams(vars) && results.stream.rows[0]?.['active'] !== true && command({ cmd: 'barman -q cron' }),
        { ...onBackup, become_user: 'barman', changed_when: () => false },
      )
      .task(
        'WAL flows',
        ({ vars }) =>
          streams(vars) &&
          pg_query({
            query: 'SELECT FROM pg_replication_slots WHERE slot_name = $1 AND active',
            positional_args: [barmanSlot],
            port: vars.pg_port,
          }),
        { ...onLeader, until: (result) => result.rowcount === 1, retries: 180, delay: 0.5 },
      )
