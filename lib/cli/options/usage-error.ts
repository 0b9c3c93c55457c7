import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'

/** The command line itself is wrong: Ansible's exit code 5. */
export class UsageError extends HostwrightError {
  constructor(message: string, next = 'see --help for all options', cause?: unknown) {
    super(message, { kind: 'input', next, ...defined({ cause }) })
  }
}
