export { parseStats, type ProxyStats } from './stats.ts'
