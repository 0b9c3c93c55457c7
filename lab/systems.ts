import { readFileSync } from 'node:fs'
import { parse } from 'yaml'

/** The systems whose hosts the lab can start. The inventories it reads are all it knows about what runs on them. */
export type System = {
  readonly hosts: readonly string[]
  readonly groups: Readonly<Record<string, readonly string[]>>
}

const folder = new URL('../inventory/systems/', import.meta.url)
const names = ['replication', 'sync', 'logical', 'patroni'] as const
export type SystemName = (typeof names)[number]

type Inventory = {
  readonly all: {
    readonly hosts: Readonly<Record<string, unknown>>
    readonly children: Readonly<Record<string, { readonly hosts: Readonly<Record<string, unknown>> }>>
  }
}

function readSystem(name: SystemName): System {
  const { all } = parse(readFileSync(new URL(`${name}.yml`, folder), 'utf8')) as Inventory
  const groups = Object.entries(all.children).map(([group, { hosts }]) => [group, Object.keys(hosts)])
  return { hosts: Object.keys(all.hosts), groups: Object.fromEntries(groups) as System['groups'] }
}

export const systems = Object.fromEntries(names.map((name) => [name, readSystem(name)])) as Readonly<
  Record<SystemName, System>
>

export const defaultSystem: SystemName = 'replication'

export const isSystem = (text: string): text is SystemName => Object.hasOwn(systems, text)

/** Variables of every inventory that hold a generated password. */
export const passwordNames: readonly string[] = readFileSync(new URL('passwords.txt', folder), 'utf8')
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
