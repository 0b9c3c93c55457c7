import type { Console } from '../console.ts'
import { type Given, parseOptions } from '../options/options.ts'
import { type PlaybookOption, playbookOptions } from '../options/playbook-options.ts'
import { runPlaybooks } from '../run.ts'
import type { LoadedPlaybook } from '../../run/options.ts'
import { tellError } from '../tell-error.ts'
import { UsageError } from '../options/usage-error.ts'

const about = 'Brings the hosts of an inventory into the state that a playbook describes.'

/** The command line of a playbook that is itself the program. @returns the exit code. */
export async function programCommand(
  loaded: LoadedPlaybook,
  argv: readonly string[],
  console: Console,
): Promise<number> {
  return withOptions(`${loaded.file} [options]`, argv, console, (given) => {
    const [operand] = given.operands
    if (operand !== undefined) throw new UsageError(`"${operand}" is no option; this program is a playbook already`)
    return runPlaybooks([{ file: loaded.file, load: () => Promise.resolve(loaded) }], given, console)
  })
}

/** Runs with the options of a playbook's command line, or shows what is asked about them. */
export async function withOptions(
  usage: string,
  argv: readonly string[],
  console: Console,
  run: (given: Given<PlaybookOption>) => Promise<number>,
): Promise<number> {
  try {
    const given = parseOptions(playbookOptions, argv, console.env)
    if (given.flag('help')) console.out((await import('../options/usage.ts')).helpText(usage, about, playbookOptions))
    else if (given.flag('version')) console.out(`hostwright ${(await import('../version.ts')).version()}\n`)
    else return await run(given)
    return 0
  } catch (thrown) {
    return tellError(thrown, 0, console)
  }
}
