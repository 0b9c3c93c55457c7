export { listHosts, listTasks, type ListedHosts, type ListedTasks } from './list.ts'
export { preflight, runPlaybook } from './run.ts'
export type * from './prepare/settings.ts'
