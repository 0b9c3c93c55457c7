export { askEtcd, type EtcdCluster } from './cluster.ts'
