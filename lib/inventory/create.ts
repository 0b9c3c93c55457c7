import type { Inventory } from './inventory.ts'
import type { InventoryInput } from './sources/brought.ts'
import type { VaultPassword } from './vault/vault.ts'

/** Options of {@link createInventory}. */
export interface CreateInventoryOptions {
  /** The folder of the playbook: the `group_vars` and `host_vars` in it are read too. None by default. */
  readonly playbookDir?: string
  /** The passwords of what is encrypted; each is tried. */
  readonly vaultPasswords?: readonly VaultPassword[]
  /** Called with what is odd, but no error. Nothing by default. */
  readonly warn?: (message: string) => void
}

/**
 * Makes an inventory from files, from data, or from sources of a program's own. Of several, later ones add to earlier ones. Files are read as Ansible reads
 * them, with the `group_vars` and `host_vars` beside them; paths are relative to the current folder.
 *
 * @throws HostwrightError of kind `input` for what is wrong, {@link InputErrors} where several things are.
 * @example
 * const inventory = await createInventory(['inventory/hosts.ini', { web: { hosts: { web3: { ansible_host: '10.0.0.3' } } } }])
 * inventory.match('web:!web1').hosts // ['web2', 'web3']
 */
export async function createInventory(
  from: InventoryInput | readonly InventoryInput[],
  options: CreateInventoryOptions = {},
): Promise<Inventory> {
  const { loadInventory } = await import('./load.ts')
  return loadInventory({ ...options, sources: isList(from) ? from : [from] })
}

function isList(from: InventoryInput | readonly InventoryInput[]): from is readonly InventoryInput[] {
  return Array.isArray(from)
}
