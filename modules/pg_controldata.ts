import { defineModule, optional, Type, unchanged, Unreadable } from '../lib/index.ts'
import { placeOfCluster } from '../lib/kit/postgres/cluster/cluster.ts'
import { controlDataScript, parseControlData, type ControlData } from '../lib/kit/postgres/cluster/control-data.ts'
import { clusterNameParam, versionParam } from '../lib/kit/postgres/cluster/place.ts'

export type { ControlData } from '../lib/kit/postgres/cluster/control-data.ts'

/**
 * What a cluster's data directory says of itself, whether its server runs or not: its state, its latest checkpoint, its timeline.
 *
 * @throws when there is no cluster.
 * @see https://www.postgresql.org/docs/current/app-pgcontroldata.html
 * @example
 * pg_controldata({ version: '17' })
 */
export const pg_controldata = defineModule({
  name: 'pg_controldata',
  summary: 'What the data directory of a PostgreSQL cluster says of itself.',
  params: {
    version: versionParam,
    name: clusterNameParam,
    data_directory: optional(
      Type.String({ pattern: '^/', description: 'Its data. Default: /var/lib/postgresql/VERSION/NAME.' }),
    ),
  },
  examples: [{ name: 'Was it stopped cleanly?', params: { version: '17' } }],
  reads: true,
  plan: async ({ version, name, data_directory }, host) => {
    const place = placeOfCluster(version, name, data_directory)
    const { stdout } = await host.ask(controlDataScript(place.version, place.data))
    const control = parseControlData(stdout)
    if (control.state === '')
      throw new Unreadable(
        `pg_controldata says nothing of ${place.data}: there is no cluster, or no PostgreSQL`,
        'cluster',
        {
          host: host.name,
          next: 'create or clone it first, or correct version, name or data_directory',
        },
      )
    return unchanged<ControlData>(control)
  },
})
