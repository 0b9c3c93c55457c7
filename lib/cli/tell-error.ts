import { errorText } from '../report/error.ts'
import { type Console, wantsColour } from './console.ts'
import { codeOfError, Interrupted } from './exit.ts'

/** Shows what was thrown, on standard error. @returns the exit code for it. */
export function tellError(thrown: unknown, verbosity: number, console: Console): number {
  if (!(thrown instanceof Interrupted))
    console.err(
      errorText(thrown, { cwd: console.cwd, verbosity, colour: console.errIsTerminal && wantsColour(console) }),
    )
  return codeOfError(thrown)
}
