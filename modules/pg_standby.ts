import { change, defineModule, unchanged, Unreadable, type Plan } from '../lib/index.ts'
import { clusterRuns, placeOfCluster, readCluster, refuse } from '../lib/kit/postgres/cluster/cluster.ts'
import { followChanges, writeOwned } from '../lib/kit/postgres/standby/follow.ts'
import { followComplaints, followParams, standbyFiles } from '../lib/kit/postgres/standby/standby.ts'

/** The result of `pg_standby`. */
export interface PgStandbyResult {
  /** The standby's data folder. */
  readonly data_directory: string
  /** Whether its server runs, and so follows the new primary from now on. */
  readonly running: boolean
}

/**
 * Makes a cluster follow a primary: the connection and the slot in its configuration, the password in a passfile, and `standby.signal`. A standby that runs is
 * re-pointed by a reload, without a restart; one that is stopped follows when it is started (`service`). A former primary must be stopped, and may first need
 * `pg_rewind`; its replication slots go, as they do from every copy of a primary: they would keep WAL for ever.
 *
 * For PostgreSQL 13 and later, where the primary can change without a restart.
 *
 * @throws when there is no cluster, and when its server takes writes: it would have to be stopped, which is for the playbook to decide.
 * @see https://www.postgresql.org/docs/current/warm-standby.html#STANDBY-SERVER-SETUP
 * @example
 * pg_standby({ version: '17', host: '10.0.0.2', user: 'replicator', password: vars.replication_password, slot: 'pg1' })
 */
export const pg_standby = defineModule({
  name: 'pg_standby',
  summary: 'Whom a PostgreSQL standby follows.',
  params: followParams,
  examples: [
    {
      name: 'Follow the new primary',
      params: { version: '17', host: '10.0.0.2', user: 'replicator', password: 'correct horse', slot: 'pg1' },
    },
  ],
  check: (wanted) => [
    ...(Number(wanted.version.split('.')[0]) < 13
      ? ['"version" must be 13 or later; for older ones clone (pg_basebackup)']
      : []),
    ...followComplaints(wanted),
  ],
  plan: async (wanted, host): Promise<Plan<PgStandbyResult>> => {
    const place = placeOfCluster(wanted.version, wanted.name, wanted.data_directory)
    const files = standbyFiles(wanted, place, host.name)
    const [now, { pass, conf }] = await Promise.all([
      readCluster(host, place),
      followChanges(host, files, wanted.owner),
    ])
    if (now.data !== 'cluster')
      throw new Unreadable(`there is no cluster in ${place.data}`, 'cluster', {
        host: host.name,
        next: 'clone the primary (pg_basebackup)',
      })
    const running = await clusterRuns(host, place, now)
    if (running && !now.standbySignal)
      throw refuse(host, `the server of ${place.data} takes writes`, 'stop it first (service), or promote nobody else')
    const signal = now.standbySignal ? undefined : `${place.data}/standby.signal`
    const slots = signal === undefined ? [] : ((await host.files.list(`${place.data}/pg_replslot`)) ?? [])
    const result = { data_directory: place.data, running }
    if (pass === undefined && conf === undefined && signal === undefined) return unchanged(result)
    return change({
      diff: [
        ...[pass, conf].flatMap((one) => one?.diff ?? []),
        ...(signal === undefined
          ? []
          : [
              { of: `cluster ${place.version}/${place.name}`, before: { role: 'primary' }, after: { role: 'standby' } },
            ]),
      ],
      result,
      apply: async (applied) => {
        await pass?.write(applied)
        await conf?.write(applied)
        for (const slot of slots) await applied.files.remove(`${place.data}/pg_replslot/${slot}`)
        if (signal !== undefined) await writeOwned(applied, signal, '', '0600', wanted.owner)
        if (running) await applied.postgres({ port: wanted.cluster_port, user: wanted.owner }).reload()
      },
    })
  },
})
