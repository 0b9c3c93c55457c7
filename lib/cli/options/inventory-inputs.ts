import { existsSync } from 'node:fs'
import type { InventoryInput } from '../../inventory/index.ts'
import type { Console } from '../console.ts'
import type { Project } from '../project/project.ts'
import type { Given } from './options.ts'
import type { InventoryOption } from './playbook-options.ts'

/**
 * The inventories to read: those given with `-i` or through the environment, or else the one that the project names. A name in `inventory_sources` of the
 * project, or a file of TypeScript or JavaScript, is a source of the user's own.
 */
export async function inventoryInputs(
  given: Given<InventoryOption>,
  console: Console,
  project: Project,
): Promise<readonly InventoryInput[]> {
  const named = given.values('inventory')
  if (named.length === 0) return project.inventory()
  return Promise.all(
    named.flatMap(splitPaths).map(async (text) => (await project.inventorySource(text, console.cwd)) ?? text),
  )
}

/** ANSIBLE_INVENTORY may name several files; a text that is no file is a list of hosts. */
function splitPaths(source: string): readonly string[] {
  const parts = source.split(',').map((part) => part.trim())
  const isPaths = parts.length > 1 && parts.every((part) => part !== '' && existsSync(part))
  return isPaths ? parts : [source]
}
