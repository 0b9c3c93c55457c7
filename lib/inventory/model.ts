import { defined } from '../defined.ts'
import { HostwrightError, type Place } from '../error.ts'
import { describe, type Raw, type Variable } from './values/value.ts'

/** Names that mean this very machine; one of them need not be in the inventory. */
export const localNames: readonly string[] = ['127.0.0.1', 'localhost', '::1']

export interface GroupNode {
  readonly name: string
  readonly hosts: Map<string, HostNode>
  readonly children: Set<GroupNode>
  readonly parents: Set<GroupNode>
  readonly vars: Map<string, Variable>
  priority: number
}

export interface HostNode {
  readonly name: string
  readonly vars: Map<string, Variable>
  /** The groups that name it themselves. */
  readonly groups: Set<GroupNode>
  /** The inventory that first named it. */
  readonly place: Place
  /** This machine, asked for by name without being in the inventory. */
  readonly implicit: boolean
}

/** Groups and hosts while the sources are read, one after the other; {@link reconcile} completes them. */
export class InventoryModel {
  readonly groups = new Map<string, GroupNode>()
  readonly hosts = new Map<string, HostNode>()
  /** The names of sources that are no files: data and sources of a program. */
  readonly withoutFile = new Set<string>()
  readonly #warn: (message: string, place?: Place) => void
  #local: HostNode | undefined

  constructor(warn: (message: string, place?: Place) => void = () => {}) {
    this.#warn = warn
    this.#link(this.addGroup('all'), this.addGroup('ungrouped'))
  }

  /**
   * The host that a name of this very machine means: the one of that name, or else the first such name in the inventory, or else
   * one made up here. Undefined for any other name.
   */
  local(name: string): HostNode | undefined {
    if (!localNames.includes(name)) return undefined
    return this.hosts.get(name) ?? this.#local ?? implicitLocal(name)
  }

  addGroup(name: string, place?: Place): GroupNode {
    const known = this.groups.get(name)
    if (known !== undefined) return known
    if (name === '') throw inputError('a group has an empty name', place)
    if (/^\d|[^\p{L}\p{N}_]/u.test(name)) this.#warn(`the group name "${name}" is not a valid variable name`, place)
    const group: GroupNode = {
      name,
      hosts: new Map(),
      children: new Set(),
      parents: new Set(),
      vars: new Map(),
      priority: 1,
    }
    this.groups.set(name, group)
    return group
  }

  /** Adds the host to the group, and to the inventory if it is new there; only then its port counts. */
  addHost(name: string, group: GroupNode, place: Place, port?: number): HostNode {
    if (name === '') throw inputError('a host has an empty name', place)
    let host = this.hosts.get(name)
    if (host === undefined) {
      host = { name, vars: new Map(), groups: new Set(), place, implicit: false }
      this.hosts.set(name, host)
      if (port) host.vars.set('ansible_port', { value: port, place })
      if (localNames.includes(name)) this.#noteLocal(host, place)
    } else if (port && host.vars.get('ansible_port')?.value !== port)
      this.#warn(`the port ${port} of ${name} is ignored, as in Ansible: the host was first named without it`, place)
    group.hosts.set(name, host)
    host.groups.add(group)
    return host
  }

  addChild(parent: GroupNode, child: GroupNode, place: Place): void {
    if (parent === child) throw inputError(`the group ${parent.name} cannot be its own child`, place)
    if (child.name === 'all') throw inputError('the group all cannot be a child: it holds every group', place)
    if (ancestors([parent]).has(child))
      throw inputError(`the group ${child.name} cannot be a child of ${parent.name}: it is one of its parents`, place)
    this.#link(parent, child)
  }

  setGroupVariable(group: GroupNode, name: string, variable: Variable): void {
    if (name === 'ansible_group_priority') group.priority = priorityOf(variable)
    else group.vars.set(name, variable)
  }

  /** Every group below `all`; every host in a group; `ungrouped` holds only those that are in no other. */
  reconcile(): void {
    const all = this.addGroup('all')
    const ungrouped = this.addGroup('ungrouped')
    for (const group of this.groups.values()) if (group !== all && group.parents.size === 0) this.#link(all, group)
    for (const host of this.hosts.values()) {
      const own = [...ancestors(host.groups)].filter((group) => group !== all && group !== ungrouped)
      if (own.length > 0) {
        if (host.groups.delete(ungrouped)) ungrouped.hosts.delete(host.name)
      } else if (!host.groups.has(ungrouped)) {
        ungrouped.hosts.set(host.name, host)
        host.groups.add(ungrouped)
      }
      if (this.groups.has(host.name)) this.#warn(`${host.name} is the name of both a group and a host`, host.place)
    }
  }

  #link(parent: GroupNode, child: GroupNode): void {
    parent.children.add(child)
    child.parents.add(parent)
  }

  #noteLocal(host: HostNode, place: Place): void {
    if (this.#local === undefined) this.#local = host
    else this.#warn(`${host.name} is this machine once more: "localhost" means ${this.#local.name}`, place)
  }
}

/** The groups and everything above them. */
export function ancestors(groups: Iterable<GroupNode>): Set<GroupNode> {
  const found = new Set(groups)
  // A set also visits what is added while it is walked.
  for (const group of found) for (const parent of group.parents) found.add(parent)
  return found
}

/** The hosts of a group and of all groups below it: its own first, then level by level. */
export function hostsBelow(group: GroupNode): HostNode[] {
  const groups = new Set([group])
  for (const each of groups) for (const child of each.children) groups.add(child)
  return [...new Set([...groups].flatMap((each) => [...each.hosts.values()]))]
}

/** The longest way down from the top; deeper groups win over shallower ones. */
export function depthOf(group: GroupNode, known = new Map<GroupNode, number>()): number {
  const before = known.get(group)
  if (before !== undefined) return before
  const depth = Math.max(0, ...[...group.parents].map((parent) => depthOf(parent, known) + 1))
  known.set(group, depth)
  return depth
}

/** Python's order of texts: by code point. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0
  const [x, y] = [[...a], [...b]]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const difference = (x[i]?.codePointAt(0) ?? 0) - (y[i]?.codePointAt(0) ?? 0)
    if (difference !== 0) return difference
  }
  return x.length - y.length
}

export function inputError(message: string, place?: Place, next?: string): HostwrightError {
  return new HostwrightError(message, {
    kind: 'input',
    ...defined({ place, next }),
  })
}

function priorityOf({ value, place }: Variable): number {
  const text: Raw = typeof value === 'string' ? value.trim() : value
  if (typeof text === 'number' && Number.isInteger(text)) return text
  if (typeof text === 'string' && /^[-+]?[0-9]+$/.test(text)) return Number(text)
  throw inputError(`ansible_group_priority is ${describe(value)}, not an integer`, place, 'write a whole number')
}

function implicitLocal(name: string): HostNode {
  const place: Place = { file: 'implicit localhost' }
  const vars = new Map([['ansible_connection', { value: 'local', place }]])
  return { name, vars, groups: new Set(), place, implicit: true }
}
