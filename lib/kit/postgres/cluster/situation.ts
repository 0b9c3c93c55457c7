import type { ClusterPlace, ClusterState } from './cluster.ts'

/** The state of the place where a cluster is to be. */
export type ClusterSituation =
  /** Nothing. */
  | 'none'
  /** What a run left that was cut off while it made the cluster. */
  | 'half made'
  /** A cluster, data and configuration. */
  | 'there'
  | 'foreign data'
  | 'data gone'
  | 'data without configuration'
  | 'data of another version'

/** The properties by which it is decided whether a cluster can be made or kept. */
export type FoundCluster = Pick<ClusterState, 'debian' | 'config' | 'data' | 'dataVersion' | 'marked'>

/** Is there a cluster by its configuration? Without Debian's tools that is in the data directory. */
export const clusterIsConfigured = ({ debian, config, data }: FoundCluster): boolean =>
  debian ? config === 'complete' : data === 'cluster'

/** The first that holds. */
const situations: readonly (readonly [ClusterSituation, (now: FoundCluster, version: string) => boolean])[] = [
  ['half made', (now) => now.marked && !clusterIsConfigured(now)],
  ['foreign data', (now) => now.data === 'foreign'],
  ['data gone', (now) => clusterIsConfigured(now) && now.data !== 'cluster'],
  ['data without configuration', (now) => !clusterIsConfigured(now) && now.data === 'cluster'],
  ['data of another version', (now, version) => now.data === 'cluster' && now.dataVersion !== version],
  ['there', (now) => now.data === 'cluster'],
]

export function situationOf(now: FoundCluster, version: string): ClusterSituation {
  return situations.find(([, holds]) => holds(now, version))?.[0] ?? 'none'
}

/** Why no cluster can be made or kept. */
export interface ClusterProblem {
  /** What is wrong. */
  readonly what: string
  /** What to do about it. */
  readonly next: string
}

type ProblemIn = (place: ClusterPlace, now: FoundCluster) => ClusterProblem

const problems: Partial<Record<ClusterSituation, ProblemIn>> = {
  'foreign data': ({ data }) => ({
    what: `${data} holds something that is no cluster`,
    next: 'empty it, or give another data_directory',
  }),
  'data gone': ({ version, name, data, config }) => ({
    what: `cluster ${version}/${name} is configured in ${config}, but its data in ${data} is gone`,
    next: `mount or restore it, or clone a standby (pg_basebackup); for an empty cluster remove ${config} first`,
  }),
  'data without configuration': ({ version, name, data, config }) => ({
    what: `${data} holds a cluster that no configuration in ${config} knows`,
    next: `take it over with pg_createcluster -d ${data} ${version} ${name}, or move it away`,
  }),
  'data of another version': ({ data }, { dataVersion }) => ({
    what: `${data} holds a cluster of version ${dataVersion}`,
    next: 'upgrade it with pg_upgradecluster, or give another data_directory',
  }),
}

/** What stands in the way of a cluster; undefined where nothing does. Data is never written over. */
export function clusterProblem(now: FoundCluster, place: ClusterPlace): ClusterProblem | undefined {
  return problems[situationOf(now, place.version)]?.(place, now)
}
