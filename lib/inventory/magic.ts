import { dirname, resolve } from 'node:path'
import { isIPv4, isIPv6 } from 'node:net'

/** What Ansible tells every host about itself and the inventory. */
export interface MagicVariables {
  /** The name of the host in the inventory. */
  readonly inventory_hostname: string
  /** That name up to its first dot; an address is kept whole. */
  readonly inventory_hostname_short: string
  /** The groups of the host. */
  readonly group_names: readonly string[]
  /** Every group with its hosts. */
  readonly groups: Readonly<Record<string, readonly string[]>>
  /** The inventory that first named the host; null for a host that came from no file. */
  readonly inventory_file: string | null
  /** The folder of that inventory; null where it is null. */
  readonly inventory_dir: string | null
}

/** Node builds a large regular expression for the first IPv6 address it is asked about. */
function isAddress(host: string): boolean {
  return isIPv4(host) || (host.includes(':') && isIPv6(host))
}

/**
 * @example
 * magicVariables('web1.lab', ['web'], groups, 'hosts.ini').inventory_hostname_short // 'web1'
 */
export function magicVariables(
  host: string,
  groupNames: readonly string[],
  groups: MagicVariables['groups'],
  source: string | undefined,
): MagicVariables {
  const isFile = source !== undefined && !source.includes(',')
  return {
    inventory_hostname: host,
    inventory_hostname_short: isAddress(host) ? host : (host.split('.')[0] ?? host),
    group_names: groupNames,
    groups,
    inventory_file: isFile ? resolve(source) : null,
    inventory_dir: isFile ? dirname(resolve(source)) : null,
  }
}
