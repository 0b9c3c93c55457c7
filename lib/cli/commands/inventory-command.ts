import { defined } from '../../defined.ts'
import { resolve } from 'node:path'
import { loadInventory } from '../../inventory/index.ts'
import { graph, hostJson, listJson, listYaml } from '../../inventory/listing.ts'
import { printable } from '../../printable.ts'
import { mask } from '../../secret.ts'
import type { Console } from '../console.ts'
import { inventoryInputs } from '../options/inventory-inputs.ts'
import { type Given, type Options, parseOptions } from '../options/options.ts'
import { vaultPasswords } from '../options/passwords.ts'
import { inventoryOptions } from '../options/playbook-options.ts'
import { projectAt } from '../project/project.ts'
import { UsageError } from '../options/usage-error.ts'
import { helpText } from '../options/usage.ts'

const options = {
  ...inventoryOptions,
  list: { help: 'all groups and hosts with their variables' },
  host: { value: 'HOST', help: 'the variables of one host' },
  graph: { help: 'the groups as a tree; a GROUP may be named to begin with' },
  yaml: { short: 'y', help: 'with --list: YAML instead of JSON' },
  vars: { help: 'with --graph: the variables too' },
  export: { help: 'with --list: variables stay with the group that sets them' },
  'playbook-dir': { value: 'DIR', help: 'read the group_vars and host_vars of this folder too' },
} as const satisfies Options

/** `ansible-inventory`'s command line. */
export async function inventoryCommand(argv: readonly string[], console: Console): Promise<number> {
  const given = parseOptions(options, argv, console.env)
  if (given.flag('help')) {
    console.out(helpText('hostwright inventory [options] [GROUP]', 'Shows what an inventory says.', options))
    return 0
  }
  const actions = (['list', 'host', 'graph'] as const).filter(
    (name) => given.flag(name) || given.value(name) !== undefined,
  )
  if (actions.length !== 1) throw new UsageError('say what to show: one of --list, --host HOST and --graph')
  console.out(`${(await shown(given, console)).trimEnd()}\n`)
  return 0
}

async function shown(given: Given<keyof typeof options>, console: Console): Promise<string> {
  const folder = given.value('playbook-dir')
  const playbookDir = folder === undefined ? {} : { playbookDir: resolve(console.cwd, folder) }
  const project = projectAt(resolve(console.cwd, folder ?? '.'), console)
  const sources = await inventoryInputs(given, console, project)
  if (sources.length === 0) throw new UsageError('there is no inventory', 'name one with -i PATH')
  const inventory = await loadInventory({
    sources,
    ...playbookDir,
    vaultPasswords: await vaultPasswords(given, console),
    warn: (message) => console.err(`[WARNING]: ${printable(mask(message))}\n`),
  })
  const host = given.value('host')
  if (host !== undefined) return hostJson(inventory, host)
  const [group] = given.operands
  if (given.flag('graph')) return graph(inventory, { ...defined({ from: group }), vars: given.flag('vars') })
  return (given.flag('yaml') ? listYaml : listJson)(inventory, { export: given.flag('export') })
}
