import {
  change,
  defineModule,
  encode,
  encodingComplaints,
  HostwrightError,
  Type,
  unchanged,
  Unreadable,
  withDefault,
  type Plan,
} from '../lib/index.ts'
import { clusterRuns, placeOfCluster, readCluster, refuse } from '../lib/kit/postgres/cluster/cluster.ts'
import { controlDataScript, parseControlData } from '../lib/kit/postgres/cluster/control-data.ts'
import { divergence } from '../lib/kit/postgres/cluster/timeline.ts'
import { followChanges, writeOwned } from '../lib/kit/postgres/standby/follow.ts'
import { rewindScript, timelineOf } from '../lib/kit/postgres/standby/rewind.ts'
import { followComplaints, followParams, standbyFiles } from '../lib/kit/postgres/standby/standby.ts'

/** The result of `pg_rewind`. */
export interface PgRewindResult {
  /** Whether this run took it back. */
  readonly rewound: boolean
  /** Why it could not follow as it was; empty when it could. */
  readonly why: string
}

/**
 * Takes a stopped cluster back to the point where another server, promoted since, left its timeline, so that it can follow that one (`pg_standby`). What was written
 * to it after that point is gone, which `force` must allow; so are its
 * replication slots, and it is marked as a standby. Nothing to do for a cluster that can follow as it is.
 *
 * The role needs EXECUTE on pg_ls_dir, pg_stat_file and pg_read_binary_file in the other server's database, and the cluster wal_log_hints or data checksums. When WAL is
 * missing that it would take, it fails: clone then (`pg_basebackup`).
 *
 * @throws when something would be lost and `force` does not allow it, when the cluster runs, when the other server does not answer, when pg_rewind cannot.
 * @see https://www.postgresql.org/docs/current/app-pgrewind.html
 * @example
 * pg_rewind({ version: '17', host: '10.0.0.2', user: 'replicator', password: vars.replication_password, force: true })
 */
export const pg_rewind = defineModule({
  name: 'pg_rewind',
  summary: 'Takes a PostgreSQL cluster back to where another server left its timeline.',
  params: {
    ...followParams,
    force: withDefault(
      Type.Boolean({ description: 'Whether what was written to it since the other server left its timeline may go.' }),
      false,
    ),
    database: withDefault(Type.String({ description: 'The database to connect to on the other server.' }), 'postgres'),
  },
  examples: [
    {
      name: 'Back to the new primary',
      params: { version: '17', host: '10.0.0.2', user: 'replicator', password: 'correct horse', force: true },
    },
  ],
  check: (wanted) => [
    ...followComplaints(wanted),
    ...encodingComplaints('database', () => encode.conninfoOf({ dbname: wanted.database })),
  ],
  plan: async ({ database, force, ...wanted }, host): Promise<Plan<PgRewindResult>> => {
    const place = placeOfCluster(wanted.version, wanted.name, wanted.data_directory)
    const files = standbyFiles(wanted, place, host.name)
    const [now, { stdout }, other, { pass }] = await Promise.all([
      readCluster(host, place),
      host.ask(controlDataScript(place.version, place.data)),
      timelineOf(host, wanted, files),
      followChanges(host, files, wanted.owner),
    ])
    if (now.data !== 'cluster')
      throw new Unreadable(`there is no cluster in ${place.data}`, 'cluster', {
        host: host.name,
        next: 'clone the primary (pg_basebackup)',
      })
    if (other === undefined)
      throw new Unreadable(`${wanted.host}:${wanted.port} does not answer as ${wanted.user}`, 'database', {
        host: host.name,
        next: 'see that it runs, and that its pg_hba.conf lets this host in for replication',
      })
    const why = divergence(parseControlData(stdout), now.standbySignal, other.timeline, other.history)
    if (why === undefined) return unchanged({ rewound: false, why: '' })
    if (await clusterRuns(host, place, now))
      throw refuse(host, `the server of ${place.data} runs, and has to be rewound: ${why}`, 'stop it first (service)')
    if (!force)
      throw refuse(
        host,
        `${place.data} would lose what was written to it alone: ${why}`,
        'see what that is; then force: true, in playbooks/switchover.ts by -e force=true',
      )
    const of = `cluster ${place.version}/${place.name}`
    return change({
      diff: [{ of, before: { timeline: why }, after: { timeline: `rewound to ${wanted.host}:${wanted.port}` } }],
      result: { rewound: true, why },
      apply: async (applied) => {
        await pass?.write(applied)
        const effect = { kind: 'command', name: 'pg_rewind' } as const
        const { status, stderr, stdout } = await applied.run(rewindScript(wanted, place, files, database), {
          effect,
          timeout: 24 * 3600,
        })
        // The script has made it already; this tells a simulated run.
        if (status === 0) return writeOwned(applied, `${place.data}/standby.signal`, '', '0600', wanted.owner)
        const said = stderr.split('\n').filter((line) => /error|fatal|could not|still/i.test(line))
        throw new HostwrightError(
          `pg_rewind of ${of} failed: ${said.slice(-3).join('; ') || stderr.trim().slice(-300)}`,
          {
            host: host.name,
            data: { status, stdout, stderr },
            next: 'move the data directory away and clone the primary (pg_basebackup)',
          },
        )
      },
    })
  },
})
