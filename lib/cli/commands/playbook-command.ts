import type { Console } from '../console.ts'
import { loadPlaybookFile } from '../playbooks/load-playbook.ts'
import { withOptions } from './program-command.ts'
import { runPlaybooks } from '../run.ts'
import { UsageError } from '../options/usage-error.ts'

/** `ansible-playbook`'s command line over playbooks in TypeScript. @returns the exit code. */
export async function playbookCommand(program: string, argv: readonly string[], console: Console): Promise<number> {
  return withOptions(`${program} [options] PLAYBOOK.ts …`, argv, console, (given) => {
    if (given.operands.length === 0) throw new UsageError('no playbook is named', `write: ${program} playbooks/site.ts`)
    return runPlaybooks(
      given.operands.map((path) => ({ file: path, load: () => loadPlaybookFile(path, console) })),
      given,
      console,
    )
  })
}
