export { jobComplaints, trimmed, type JobParams } from './complaints.ts'
export { type Crontab, crontabOf, namesIn, showCrontab, withEnv, withJob, withoutEnv, withoutJob } from './cron-edit.ts'
export { entry, isTimed, type Schedule } from './entry.ts'
export { fileTable, userTable, type CrontabPlace } from './table.ts'
