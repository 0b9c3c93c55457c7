export { parseStats, type ProxyStats, type ServerStats } from './stats.ts'
