import { encodingComplaints } from '../../encode/cannot-encode.ts'
import { cronCommand, cronName, cronTime, cronUser, cronVariable } from '../../encode/programs/crontab.ts'
import type { Schedule } from './entry.ts'

/** The parameters of a job that are checked before a host is touched. */
export interface JobParams extends Schedule {
  /** The job's name, or the variable's. */
  readonly name: string
  /** Whether it is to be there. */
  readonly state: 'present' | 'absent'
  /** Whether it is a variable. */
  readonly env: boolean
  /** The command, or the variable's value. */
  readonly job?: string
  /** Who it runs as. */
  readonly user?: string
  /** The file of cron.d that holds it, in place of the user's crontab. */
  readonly cron_file?: string
}

/** Complaints about the parts of a job or a variable that a crontab cannot hold. */
export function jobComplaints(params: JobParams): readonly string[] {
  const { name, state, env, user, cron_file, special_time } = params
  const job = trimmed(params.job)
  const named = encodingComplaints('name', () => cronName(name))
  if (state === 'absent' || params.job === undefined) return named
  if (env) return [...named, ...encodingComplaints('job', () => cronVariable(name, job))]
  return [
    ...named,
    ...encodingComplaints('job', () => cronCommand(job)),
    // cron ignores a whole file with such a job. For a user's crontab, the command crontab reports it.
    ...(cron_file !== undefined && /^\s*\*/.test(job) ? ['"job": a command of a crontab cannot begin with *'] : []),
    ...(cron_file === undefined || user === undefined ? [] : encodingComplaints('user', () => cronUser(user))),
    ...(special_time === undefined
      ? fields.flatMap((field) => encodingComplaints(field, () => cronTime(field, params[field])))
      : []),
  ]
}

const fields = ['minute', 'hour', 'day', 'month', 'weekday'] as const

/** The job without the newlines that YAML's block texts bring. */
export function trimmed(job: string | undefined): string {
  return (job ?? '').replace(/^[\r\n]+|[\r\n]+$/g, '')
}
