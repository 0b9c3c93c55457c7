import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { Console } from '../console.ts'
import type { Given } from './options.ts'
import type { InventoryOption } from './playbook-options.ts'

/**
 * The inventories to read: those given with `-i` or through the environment, or else the one that the package names in which the
 * playbook lies.
 */
export function inventorySources(given: Given<InventoryOption>, startDir: string, console: Console): readonly string[] {
  const sources = given.values('inventory')
  return sources.length > 0 ? sources.flatMap(splitPaths) : defaultInventory(startDir, console.cwd)
}

/** ANSIBLE_INVENTORY may name several files; a text that lists hosts is told by being no file. */
function splitPaths(source: string): readonly string[] {
  const parts = source.split(',').map((part) => part.trim())
  const isPaths = parts.length > 1 && parts.every((part) => part !== '' && existsSync(part))
  return isPaths ? parts : [source]
}

/** `"hostwright": { "inventory": "inventory/lab.ini" }` of the nearest package.json that has it, from this folder upwards. */
function defaultInventory(startDir: string, cwd: string): readonly string[] {
  for (let folder = resolve(startDir); ; folder = dirname(folder)) {
    const file = join(folder, 'package.json')
    const named = existsSync(file) ? inventoryNamedIn(file) : undefined
    if (named !== undefined) return [existing(resolve(folder, named), file, cwd)]
    if (dirname(folder) === folder) return []
  }
}

function inventoryNamedIn(file: string): string | undefined {
  try {
    const content = JSON.parse(readFileSync(file, 'utf8')) as { hostwright?: { inventory?: unknown } } | null
    const inventory = content?.hostwright?.inventory
    return typeof inventory === 'string' ? inventory : undefined
  } catch {
    // A package.json that cannot be read names no inventory; whoever needs it for more will complain.
    return undefined
  }
}

function existing(path: string, namedIn: string, cwd: string): string {
  if (existsSync(path)) return path
  const near = relative(cwd, path)
  throw new HostwrightError(`the default inventory ${near.startsWith('..') ? path : near} does not exist`, {
    kind: 'input',
    place: { file: namedIn },
    next: '"npm run lab -- up" writes it; or name another with -i PATH',
  })
}
