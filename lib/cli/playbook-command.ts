import type { Console } from './console.ts'
import { loadPlaybook } from './load-playbook.ts'
import { type Given, parseOptions } from './options.ts'
import { type PlaybookOption, playbookOptions } from './playbook-options.ts'
import { runPlaybooks } from './run.ts'
import type { LoadedPlaybook } from './settings.ts'
import { tellError } from './tell-error.ts'
import { UsageError } from './usage-error.ts'
import { helpText } from './usage.ts'
import { version } from './version.ts'

const about = 'Brings the hosts of an inventory into the state that a playbook describes.'

/** `ansible-playbook`'s command line over playbooks in TypeScript. @returns the exit code. */
export async function playbookCommand(program: string, argv: readonly string[], console: Console): Promise<number> {
  return withOptions(`${program} [options] PLAYBOOK.ts …`, argv, console, (given) => {
    if (given.operands.length === 0) throw new UsageError('no playbook is named', `write: ${program} playbooks/site.ts`)
    return runPlaybooks(
      given.operands.map((path) => () => loadPlaybook(path, console)),
      given,
      console,
    )
  })
}

/** The command line of a playbook that is itself the program. @returns the exit code. */
export async function programCommand(
  loaded: LoadedPlaybook,
  argv: readonly string[],
  console: Console,
): Promise<number> {
  return withOptions(`${loaded.file} [options]`, argv, console, (given) => {
    const [operand] = given.operands
    if (operand !== undefined) throw new UsageError(`"${operand}" is no option; this program is a playbook already`)
    return runPlaybooks([() => Promise.resolve(loaded)], given, console)
  })
}

async function withOptions(
  usage: string,
  argv: readonly string[],
  console: Console,
  run: (given: Given<PlaybookOption>) => Promise<number>,
): Promise<number> {
  try {
    const given = parseOptions(playbookOptions, argv, console.env)
    if (given.flag('help')) console.out(helpText(usage, about, playbookOptions))
    else if (given.flag('version')) console.out(`hostwright ${version()}\n`)
    else return await run(given)
    return 0
  } catch (thrown) {
    return tellError(thrown, 0, console)
  }
}
