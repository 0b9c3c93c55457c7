export { jobComplaints, trimmed } from './complaints.ts'
export { type Crontab, crontabOf, namesIn, showCrontab, withEnv, withJob, withoutEnv, withoutJob } from './cron-edit.ts'
export { entry, isTimed, type Schedule } from './entry.ts'
export { fileTable, userTable } from './table.ts'
