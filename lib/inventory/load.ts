import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HostwrightError, InputErrors, type Place, showPlace } from '../error.ts'
import { type ListedInventory, LoadedInventory } from './inventory.ts'
import { type Layers, readLayers } from './layers.ts'
import { InventoryModel } from './model.ts'
import { type InventoryInput, nameOf, readBrought } from './sources/brought.ts'
import { isHostList, readSource, sourcePath, type SourceOptions } from './sources/sources.ts'
import { decryptValues, type VaultPassword } from './vault/vault.ts'

export interface LoadOptions {
  /** Later ones add to earlier ones. */
  readonly sources: readonly InventoryInput[]
  /** The folder of the playbook, for the group_vars and host_vars beside it. */
  readonly playbookDir?: string
  readonly vaultPasswords?: readonly VaultPassword[]
  readonly warn?: (message: string) => void
}

/**
 * Reads the inventory as Ansible would, with the variable files beside it and beside the playbook. Anything wrong in it is an
 * input error with its place; several come together as {@link InputErrors}.
 *
 * @example
 * const inventory = await loadInventory({ sources: ['inventory/lab.ini'], playbookDir: 'playbooks' })
 * inventory.match('primary').hosts // ['db1']
 */
export async function loadInventory(options: LoadOptions): Promise<ListedInventory> {
  const warn = options.warn ?? (() => {})
  const warnAt = (message: string, place?: Place): void =>
    warn(place === undefined ? message : `${showPlace(place)}: ${message}`)
  const passwords = options.vaultPasswords ?? []
  const reading = { passwords, warn: warnAt }
  const model = new InventoryModel(warnAt)
  const errors: HostwrightError[] = []
  const folders: string[] = []
  const sources = options.sources.filter((each) => each !== '')
  for (const source of sources) {
    try {
      if (typeof source === 'string') folders.push(...(await readNamed(source, model, reading)))
      else await readBrought(source, model, warnAt)
    } catch (thrown) {
      if (thrown instanceof InputErrors) errors.push(...thrown.errors)
      else if (thrown instanceof HostwrightError) errors.push(thrown)
      else throw thrown
    }
  }
  if (errors.length > 0) throw errors.length === 1 ? errors[0] : new InputErrors(errors)
  model.reconcile()
  const layers = await readLayers(folders, options.playbookDir, model, reading)
  await decryptAll(model, layers, passwords)
  return new LoadedInventory(model, layers, warn, sources.map(nameOf))
}

/** @returns the folder whose group_vars and host_vars belong to it. */
async function readNamed(source: string, model: InventoryModel, reading: SourceOptions): Promise<readonly string[]> {
  await readSource(source, model, reading)
  if (await isHostList(source)) return []
  const path = source.startsWith('~') ? sourcePath(source) : source
  return [(await stat(path)).isDirectory() ? path : dirname(path)]
}

async function decryptAll(model: InventoryModel, layers: Layers, passwords: readonly VaultPassword[]): Promise<void> {
  const files = [...layers.inventory, layers.playbook].flatMap(({ groups, hosts }) => [
    ...groups.values(),
    ...hosts.values(),
  ])
  const nodes = [...model.groups.values(), ...model.hosts.values()].map((node) => node.vars)
  const values = [...nodes, ...files].flatMap((variables) => [...variables.values()])
  await Promise.all(values.map(({ value }) => decryptValues(value, passwords)))
}
