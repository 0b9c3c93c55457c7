import { HostwrightError } from '../../error.ts'
import { didYouMean } from '../../schema/nearest.ts'
import type { Console } from '../console.ts'
import { type Documented, moduleList, modulePage } from './doc.ts'
import { parseOptions } from '../options/options.ts'
import { helpText } from '../options/usage.ts'

const options = { help: { short: 'h', help: 'show this' } } as const

/** Loads what `hostwright/modules` exports. Whoever starts the command line brings it: nothing in lib names a module. */
export type LoadModules = () => Promise<Readonly<Record<string, unknown>>>

/** `hostwright doc` lists the modules, `hostwright doc NAME …` shows their pages. */
export async function docCommand(argv: readonly string[], console: Console, load: LoadModules): Promise<number> {
  const given = parseOptions(options, argv, console.env)
  if (given.flag('help'))
    console.out(helpText('hostwright doc [MODULE …]', 'Shows the modules and their parameters.', options))
  else {
    const modules = modulesIn(await load())
    const pages = given.operands.map((name) => modulePage(moduleNamed(name, modules)))
    console.out(pages.length === 0 ? moduleList(modules) : pages.join('\n'))
  }
  return 0
}

/** A module by its own name, its name in playbooks, or its full name in Ansible's collections. */
function moduleNamed(wanted: string, modules: readonly Documented[]): Documented {
  const short = wanted.split('.').at(-1) ?? wanted
  const word = short.startsWith('postgresql_') ? short.replace('postgresql_', 'pg_') : short
  const found = modules.find(({ importName, definition }) => definition.name === word || importName === word)
  if (found !== undefined) return found
  const names = modules.map(({ definition }) => definition.name)
  throw new HostwrightError(`there is no module "${wanted}"${didYouMean(word, names)}`, {
    kind: 'input',
    next: 'see them all: hostwright doc',
  })
}

function modulesIn(exported: Readonly<Record<string, unknown>>): readonly Documented[] {
  const found = Object.entries(exported).flatMap(([importName, value]): Documented[] =>
    isModule(value) ? [{ importName, definition: value.definition }] : [],
  )
  return found.sort((a, b) => (a.definition.name < b.definition.name ? -1 : 1))
}

function isModule(value: unknown): value is Pick<Documented, 'definition'> {
  return typeof value === 'function' && 'definition' in value
}
