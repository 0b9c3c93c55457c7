import { didYouMean } from '../../schema/nearest.ts'
import type { Console } from '../console.ts'
import type { LoadModules } from './doc-command.ts'
import { playbookCommand } from './playbook-command.ts'
import { tellError } from '../tell-error.ts'
import { UsageError } from '../options/usage-error.ts'
import { version } from '../version.ts'

/** The parts that `bin` gives to the command line, because lib knows neither the modules nor the lab. Each is loaded when it is needed. */
export interface Parts {
  readonly modules: LoadModules
  /** The command line of the lab; it prints by itself, and gives the exit code. */
  readonly lab: () => Promise<{ readonly labCommand: (argv: readonly string[]) => Promise<number> }>
}

interface Command {
  readonly usage: string
  readonly help: string
  readonly run: (argv: readonly string[], console: Console, parts: Parts) => Promise<number>
}

const commands: Readonly<Record<string, Command>> = {
  run: {
    usage: 'run [options] PLAYBOOK.ts …',
    help: 'run playbooks; takes the options of ansible-playbook',
    run: (argv, console) => playbookCommand('hostwright run', argv, console),
  },
  inventory: {
    usage: 'inventory --list | --host HOST | --graph [GROUP]',
    help: 'show what an inventory says, as ansible-inventory does',
    run: async (argv, console) => (await import('./inventory-command.ts')).inventoryCommand(argv, console),
  },
  doc: {
    usage: 'doc [MODULE …]',
    help: 'list the modules, or show their parameters and examples',
    run: async (argv, console, { modules }) => (await import('./doc-command.ts')).docCommand(argv, console, modules),
  },
  logins: {
    usage: 'logins [--end]',
    help: 'show the logins that are kept for the next run, or end them',
    run: async (argv, console) => (await import('./logins-command.ts')).loginsCommand(argv, console),
  },
  lab: {
    usage: 'lab [options] up | down | ssh HOST | …',
    help: 'real Debian hosts on this machine, to test playbooks on; needs Linux and root',
    run: async (argv, _console, { lab }) => (await lab()).labCommand(argv),
  },
  init: {
    usage: 'init [FOLDER]',
    help: 'write a project to start from',
    run: async (argv, console) => (await import('./init-command.ts')).initCommand(argv, console),
  },
}

/** The command line of `hostwright`. @returns the exit code. */
export async function hostwright(argv: readonly string[], console: Console, parts: Parts): Promise<number> {
  const [word, ...rest] = argv
  try {
    if (word === undefined || word === '--help' || word === '-h' || word === 'help') console.out(help())
    else if (word === '--version') console.out(`hostwright ${version()}\n`)
    else return await commandNamed(word).run(rest, console, parts)
    return 0
  } catch (thrown) {
    return tellError(thrown, 0, console)
  }
}

function commandNamed(word: string): Command {
  const command = Object.hasOwn(commands, word) ? commands[word] : undefined
  if (command !== undefined) return command
  const hint = /\.[mc]?[tj]s$/.test(word) ? `hostwright run ${word}` : 'see hostwright --help'
  throw new UsageError(`there is no command "${word}"${didYouMean(word, Object.keys(commands))}`, hint)
}

function help(): string {
  const lines = Object.values(commands).map(({ usage, help: text }) => `  hostwright ${usage}\n      ${text}\n`)
  return `hostwright ${version()}: machines brought into a wanted state over ssh\n\n${lines.join('')}\nEach command has --help.\n`
}
