import { HostwrightError, type ErrorDetails } from '../error.ts'

/**
 * What a plan read is no longer so: another host's task, another run or a person changed it. Nothing was written. The engine plans the task again, and fails it
 * with this error when that happens several times in a row.
 *
 * @example
 * throw new ChangedSincePlan('/etc/hosts changed while the task was planned', { host: 'web1' })
 */
export class ChangedSincePlan extends HostwrightError {
  constructor(message: string, details: ErrorDetails = {}) {
    super(message, {
      next: 'see what else writes there: another run, a program, or somebody with an editor; when that is done, run the playbook again',
      ...details,
      kind: 'failed',
    })
  }
}
