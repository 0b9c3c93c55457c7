import { existsSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import type { ConnectionKind, ConnectionKinds } from '../../connection/index.ts'
import { HostwrightError } from '../../error.ts'
import type { InventoryInput, InventorySource } from '../../inventory/index.ts'
import type { Reporter } from '../../report/reporter.ts'
import type { Console } from '../console.ts'
import { namedModules, packageSettings, wrongSetting } from './package-settings.ts'

/** What the package.json says in which a playbook lies, under `"hostwright"`. Nothing is loaded before it is asked for. */
export interface Project {
  /** The default inventory: `"inventory"`. */
  inventory(): Promise<readonly InventoryInput[]>
  /** The source that `-i` means with this text: a name in `"inventory_sources"`, or a file of code. `undefined` for anything else. */
  inventorySource(text: string, cwd: string): Promise<InventorySource> | undefined
  /** `"connections"`, all loaded. */
  connections(): Promise<ConnectionKinds>
  /** The reporter that `--output` means with this text: a name in `"reports"`, a file or a package. `undefined` when there is none. */
  reporter(text: string, cwd: string): Promise<Reporter | undefined>
  /** The names in `"reports"`. */
  readonly reporterNames: readonly string[]
}

const isCode = (text: string): boolean => /\.[mc]?[jt]s$/.test(text)
const isPath = (text: string): boolean => /^\.{0,2}\//.test(text)

/** The project around this folder. */
export function projectAt(startDir: string, { cwd, env }: Pick<Console, 'cwd' | 'env'>): Project {
  const settings = packageSettings(startDir)
  const named = (key: 'inventory_sources' | 'connections' | 'reports') => namedModules(settings(key), key)
  const fileOf = (key: 'inventory' | 'inventory_sources' | 'connections' | 'reports') => settings(key)?.file ?? ''

  async function load<T>(specifier: string, from: string, kind: Kind<T>): Promise<T> {
    const { importFrom } = await import('./import-from.ts')
    const { value, file } = await importFrom(specifier, from, { cwd, env })
    if (kind.is(value)) return value
    throw wrongSetting(file, `${specifier} exports no ${kind.name} as its default`, kind.next)
  }

  const inventorySource: Project['inventorySource'] = (text, folder) => {
    const module = named('inventory_sources').get(text)
    if (module !== undefined) return load(module, fileOf('inventory_sources'), sourceKind)
    return isCode(text) && existsSync(resolve(folder, text))
      ? load(resolve(folder, text), folder, sourceKind)
      : undefined
  }

  return {
    inventorySource,
    async inventory() {
      const setting = settings('inventory')
      if (setting === undefined) return []
      const texts = Array.isArray(setting.value) ? (setting.value as readonly unknown[]) : [setting.value]
      return Promise.all(
        texts.map(async (text) => {
          if (typeof text !== 'string')
            throw wrongSetting(setting.file, '"hostwright": "inventory" is no text or list of texts', 'name a file')
          const folder = dirname(setting.file)
          return (await inventorySource(text, folder)) ?? existing(resolve(folder, text), setting.file, cwd)
        }),
      )
    },
    async connections() {
      const entries = [...named('connections')].map(
        async ([name, module]) => [name, await load(module, fileOf('connections'), connectionKind)] as const,
      )
      return Object.fromEntries(await Promise.all(entries))
    },
    async reporter(text, folder) {
      const module = named('reports').get(text)
      if (module !== undefined) return load(module, fileOf('reports'), reporterKind)
      if (isPath(text) || isCode(text)) return load(resolve(folder, text), folder, reporterKind)
      const { isInstalled } = await import('./import-from.ts')
      const from = join(resolve(startDir), 'package.json')
      return isInstalled(text, from) ? load(text, from, reporterKind) : undefined
    },
    get reporterNames() {
      return [...named('reports').keys()]
    },
  }
}

function existing(path: string, namedIn: string, cwd: string): string {
  if (existsSync(path)) return path
  const near = relative(cwd, path)
  throw new HostwrightError(`the default inventory ${near.startsWith('..') ? path : near} does not exist`, {
    kind: 'input',
    place: { file: namedIn },
    next: '"npx hostwright lab up" writes it; or name another with -i PATH',
  })
}

/** What a file or package of the user's own must export. */
interface Kind<T> {
  readonly name: string
  readonly next: string
  is(value: unknown): value is T
}

const hasFunction = (value: unknown, name: string): boolean =>
  typeof value === 'object' &&
  value !== null &&
  typeof (value as Readonly<Record<string, unknown>>)[name] === 'function'

const sourceKind: Kind<InventorySource> = {
  name: 'inventory source',
  next: "write: export default { name: 'mine', load: () => ({ … }) } satisfies InventorySource",
  is: (value): value is InventorySource => hasFunction(value, 'load'),
}
const connectionKind: Kind<ConnectionKind> = {
  name: 'connection',
  next: 'write: export default { open: (target) => … } satisfies ConnectionKind',
  is: (value): value is ConnectionKind => hasFunction(value, 'open'),
}
const reporterKind: Kind<Reporter> = {
  name: 'reporter',
  next: 'write: export default ((options) => (event) => …) satisfies Reporter',
  is: (value): value is Reporter => typeof value === 'function',
}
