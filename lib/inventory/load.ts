import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HostwrightError, InputErrors, type Place, showPlace } from '../error.ts'
import { type Inventory, LoadedInventory } from './inventory.ts'
import { type Layers, readLayers } from './layers.ts'
import { InventoryModel } from './model.ts'
import { isHostList, readSource, sourcePath } from './sources/sources.ts'
import { decryptValues, type VaultPassword } from './vault/vault.ts'

export interface LoadOptions {
  /** Files, folders, scripts or lists of hosts, as `-i` takes them; later ones add to earlier ones. */
  readonly sources: readonly string[]
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
export async function loadInventory(options: LoadOptions): Promise<Inventory> {
  const warn = options.warn ?? (() => {})
  const warnAt = (message: string, place?: Place): void =>
    warn(place === undefined ? message : `${showPlace(place)}: ${message}`)
  const passwords = options.vaultPasswords ?? []
  const reading = { passwords, warn: warnAt }
  const model = new InventoryModel(warnAt)
  const errors: HostwrightError[] = []
  const folders: string[] = []
  for (const source of options.sources.filter((each) => each !== '')) {
    try {
      await readSource(source, model, reading)
      if (!(await isHostList(source))) {
        const path = source.startsWith('~') ? sourcePath(source) : source
        folders.push((await stat(path)).isDirectory() ? path : dirname(path))
      }
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
  return new LoadedInventory(model, layers, warn)
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
