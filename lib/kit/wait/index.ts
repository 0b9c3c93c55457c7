export { connectionStates, countConnections, type Connections } from './connections.ts'
export { connectFrom, connectionTable } from './probe.ts'
export { type Patience, until } from './until.ts'
