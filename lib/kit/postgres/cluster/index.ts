export { createScript, dropScript, startScript, stopScript, type NewCluster } from './cluster-scripts.ts'
export {
  type ClusterPlace,
  clusterRuns,
  type ClusterState,
  placeOfCluster,
  readCluster,
  refuse,
  requireServer,
  unitOf,
} from './cluster.ts'
export { type ControlData, controlDataScript, parseControlData } from './control-data.ts'
export { clusterNameParam, configFolder, dataFolder, ownerParam, versionParam } from './place.ts'
export { clusterIsConfigured, clusterProblem, type ClusterProblem, type FoundCluster } from './situation.ts'
export { divergence, lsn, type TimelineFork } from './timeline.ts'
export { majorVersion, versionParts, type VersionParts } from './version.ts'
