import { posix } from 'node:path'
import {
  choice,
  defineModule,
  HostwrightError,
  optional,
  sh,
  Type,
  withDefault,
  type Host,
  type Plan,
  type Read,
} from '../lib/index.ts'
import { runBarman } from '../lib/kit/barman/command.ts'
import { planConfigFile } from '../lib/kit/barman/config-file.ts'
import { serverParams } from '../lib/kit/barman/params.ts'
import { renderSection, sectionComplaints } from '../lib/kit/barman/section.ts'

/** The result of `barman_server`. */
export interface BarmanServerResult {
  /** The file with the server's section. */
  readonly path: string
  /** Whether it is there. */
  readonly state: 'present' | 'absent'
}

const text = (description: string) => optional(Type.String({ minLength: 1, description }))
const flag = (description: string) => optional(Type.Boolean({ description }))

const params = {
  ...serverParams,
  state: withDefault(choice(['present', 'absent'], { description: 'Whether the server is to be there.' }), 'present'),
  description: text('What the server is, for people.'),
  active: flag('Whether barman works for it; false pauses it.'),
  conninfo: text('How barman asks the server: `host=… user=… dbname=…`. No password: that belongs into .pgpass.'),
  streaming_conninfo: text('How it streams from the server; as `conninfo` when left out.'),
  ssh_command: text('How rsync reaches the server: `ssh postgres@…`.'),
  backup_method: withDefault(
    choice(['postgres', 'rsync', 'local-rsync', 'snapshot'], { description: '`postgres` is pg_basebackup.' }),
    'postgres',
  ),
  backup_options: text('`concurrent_backup`, `external_configuration`.'),
  reuse_backup: optional(choice(['off', 'copy', 'link'], { description: 'Incremental backups by rsync.' })),
  immediate_checkpoint: flag('Start a backup with a fast checkpoint instead of one spread over time.'),
  parallel_jobs: optional(Type.Integer({ minimum: 1, description: 'Processes that copy side by side (rsync).' })),
  streaming_archiver: flag('Receive WAL by streaming (receive-wal).'),
  archiver: flag('Take WAL that archive_command sends.'),
  slot_name: text('The replication slot that receive-wal streams from.'),
  create_slot: optional(choice(['auto', 'manual'], { description: 'Whether barman makes the slot itself.' })),
  path_prefix: text("Where the server's client programs are: `/usr/lib/postgresql/17/bin`."),
  compression: text('Of WAL: gzip, bzip2, zstd, lz4, pigz …'),
  retention_policy: text('What is kept: `RECOVERY WINDOW OF 7 DAYS`, `REDUNDANCY 2`.'),
  minimum_redundancy: optional(Type.Integer({ minimum: 0, description: 'Backups that must always be there.' })),
  last_backup_maximum_age: text('When `barman check` is to complain of an old backup: `2 DAYS`.'),
  backup_directory: text('Where all of the server is kept, instead of barman_home/NAME.'),
  options: withDefault(
    Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean()]), {
      description: 'Any other option of barman(5) for a server.',
    }),
    {},
  ),
  directory: withDefault(
    Type.String({ pattern: '^/', description: '`configuration_files_directory` of barman.conf.' }),
    '/etc/barman.d',
  ),
}
type Wanted = Read<typeof params>

/**
 * A server that barman backs up: its section in a file of its own, `/etc/barman.d/NAME.conf`. The file is written whole and belongs to root, mode 0644; it holds
 * no password, and one in a conninfo is refused: barman finds it in `~barman/.pgpass`.
 *
 * When the file has changed, `barman cron` is run once, so that receive-wal starts now and not at the next full minute.
 *
 * `state: 'absent'` removes the file only: backups and WAL stay where they are, and a slot on the server keeps its WAL until it is dropped.
 *
 * Follows barman(5), https://docs.pgbarman.org
 *
 * @throws before any host is touched: an option that barman does not know, a password in a conninfo, no way for WAL to come in.
 * @example
 * barman_server({
 *   name: 'pg1', conninfo: 'host=pg1 user=barman dbname=postgres', streaming_conninfo: 'host=pg1 user=streaming_barman',
 *   streaming_archiver: true, slot_name: 'barman', retention_policy: 'RECOVERY WINDOW OF 7 DAYS',
 * })
 */
export const barman_server = defineModule({
  name: 'barman_server',
  summary: 'A server that barman backs up.',
  params,
  examples: [
    {
      name: 'By streaming',
      params: {
        name: 'pg1',
        conninfo: 'host=pg1 user=barman dbname=postgres',
        streaming_conninfo: 'host=pg1 user=streaming_barman',
        streaming_archiver: true,
        slot_name: 'barman',
        path_prefix: '/usr/lib/postgresql/17/bin',
      },
    },
    { name: 'No longer', params: { name: 'pg0', state: 'absent' } },
  ],
  check: complaints,
  plan: async (wanted, host): Promise<Plan<BarmanServerResult>> => {
    const path = posix.join(wanted.directory, `${wanted.name}.conf`)
    return planConfigFile(host, {
      path,
      content: wanted.state === 'absent' ? undefined : renderSection(wanted.name, wanted, wanted.options),
      result: { path, state: wanted.state },
      afterwards: (applied) => startReceiving(applied, wanted),
    })
  },
})

function complaints(wanted: Wanted): readonly string[] {
  const { name, state, options, conninfo, backup_method, ssh_command, streaming_archiver, archiver } = wanted
  const primary = options['primary_ssh_command'] === undefined
  if (name === 'all' || name === 'barman') return [`"${name}" is no name for a server: barman keeps it to itself`]
  if (state === 'absent') return []
  return [
    ...(conninfo === undefined && primary ? ['"conninfo" is required: how barman asks the server'] : []),
    ...(backup_method === 'rsync' && ssh_command === undefined && primary
      ? ['"ssh_command" is required: rsync copies over ssh']
      : []),
    ...(streaming_archiver !== true && archiver !== true && primary
      ? ['one of "streaming_archiver" and "archiver" must be true: barman takes no backup without WAL']
      : []),
    ...sectionComplaints(wanted, options),
  ]
}

/** Barman's cron does the same within a minute, so it is no failure when this does not work yet (no barman, no server that answers). */
async function startReceiving(host: Host, server: Wanted): Promise<void> {
  try {
    await runBarman(host, server, sh`barman -q cron </dev/null >/dev/null 2>&1`, { does: 'barman cron', seconds: 60 })
  } catch (error) {
    if (error instanceof HostwrightError && error.kind === 'failed') return
    throw error
  }
}
