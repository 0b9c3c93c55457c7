import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { packageFolder } from './project/folders.ts'

/** Hosts that the lab can start together, and the groups of their inventory. */
export type System = {
  /** Their names, in the order of their addresses. */
  readonly hosts: readonly string[]
  /** The groups of the inventory, each with its hosts. */
  readonly groups: Readonly<Record<string, readonly string[]>>
}

const folder = join(packageFolder, 'inventory', 'systems')

/** The shipped systems. Their inventories are all that the lab knows about what runs on them. */
const names: readonly SystemName[] = ['replication', 'sync', 'logical', 'patroni']

/** A shipped system: the hosts of one of the playbooks that come with hostwright. */
export type SystemName = 'replication' | 'sync' | 'logical' | 'patroni'

type Inventory = {
  readonly all: {
    readonly hosts: Readonly<Record<string, unknown>>
    readonly children: Readonly<Record<string, { readonly hosts: Readonly<Record<string, unknown>> }>>
  }
}

function readSystem(name: SystemName): System {
  const { all } = parse(readFileSync(join(folder, `${name}.yml`), 'utf8')) as Inventory
  const groups = Object.entries(all.children).map(([group, { hosts }]) => [group, Object.keys(hosts)])
  return { hosts: Object.keys(all.hosts), groups: Object.fromEntries(groups) as System['groups'] }
}

export const systems = Object.fromEntries(names.map((name) => [name, readSystem(name)])) as Readonly<
  Record<SystemName, System>
>

export const defaultSystem: SystemName = 'replication'

export const isSystem = (text: string): text is SystemName => Object.hasOwn(systems, text)

/** Variables of every inventory that hold a generated password. */
export const passwordNames: readonly string[] = readFileSync(join(folder, 'passwords.txt'), 'utf8')
  .split('\n')
  .filter(Boolean)

/**
 * `admin` logs in with the lab's key and has sudo without a password; `operator` may log in with its password, and
 * its sudo asks for it. The password may be known: only root of this machine can reach the hosts.
 */
export const users = {
  admin: { name: 'admin', uid: 1000 },
  operator: { name: 'operator', uid: 1001, password: 'correct-horse-77' },
} as const
