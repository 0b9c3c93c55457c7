export { connectionStates, countConnections } from './connections.ts'
export { connectFrom, connectionTable } from './probe.ts'
export { until } from './until.ts'
