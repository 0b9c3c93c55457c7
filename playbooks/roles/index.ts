/** The roles that the systems are made of, for plays of your own: `hostwright/playbooks` exports them as `roles`. */
export { archiving } from './archiving.ts'
export { nameServer, resolver } from './bind9.ts'
export { chrony } from './chrony.ts'
export { etcd } from './etcd.ts'
export { following, keepingNoWal } from './following.ts'
export { haproxy, haproxyTo } from './haproxy.ts'
export { follows, leads, whoLeads, type LeaderKnown } from './leader.ts'
export { logicalServer } from './logical-server.ts'
export { patroni } from './patroni.ts'
export { replicator } from './replicator.ts'
export { whoFollowsWhom } from './report.ts'
export {
  clusterMade,
  serverPackages,
  serverPackagesAnd,
  serverRunning,
  serverTuned,
  type ServerWants,
} from './server.ts'
