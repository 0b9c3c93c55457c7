export { askEtcd, type EtcdCluster, type EtcdMember } from './cluster.ts'
