import { type HostwrightError, InputErrors, type Place, showPlace } from '../error.ts'
import { didYouMean } from '../schema/nearest.ts'
import { groupVariables, hostVariables, type Layers, ownVariables } from './layers.ts'
import { magicVariables, type MagicVariables } from './magic.ts'
import {
  ancestors,
  compareText,
  depthOf,
  type GroupNode,
  type HostNode,
  hostsBelow,
  inputError,
  type InventoryModel,
} from './model.ts'
import { matchPatterns, type PatternResult, splitPattern } from './pattern.ts'
import { type ValueProblem, Resolver } from './values/resolve.ts'
import type { Value, Variables } from './values/value.ts'

/** A group of an inventory. */
export interface Group {
  /** Its name. */
  readonly name: string
  /** The hosts that the group itself names. */
  readonly hosts: readonly string[]
  /** These and the hosts of all groups below. */
  readonly allHosts: readonly string[]
  /** The names of the groups directly below. */
  readonly children: readonly string[]
  /** The names of the groups directly above. */
  readonly parents: readonly string[]
  /** `ansible_group_priority`: of groups of one depth, the variables of the higher one win; 1 by default. */
  readonly priority: number
  /** How far below `all` it is, by the longest way; 0 for `all`. */
  readonly depth: number
}

/** A value that still has its braces, because what it refers to is not there or not supported. */
export interface Unresolved extends ValueProblem {
  /** The name of the variable. */
  readonly variable: string
  /** Where it is written. */
  readonly place: Place
}

/** What a playbook brings on top of the inventory while references are resolved. */
export interface Overlay {
  /** Play variables: they hold for the host that is asked for, and not behind `hostvars`. */
  readonly play?: Readonly<Record<string, unknown>>
  /** Variables of `-e`: they win over everything, on every host. */
  readonly extra?: Readonly<Record<string, unknown>>
}

/** Hosts, groups and their variables, as {@link createInventory} gives them. */
export interface Inventory {
  /** Its sources as they were named: files, folders, scripts, lists of hosts, `data`, and the names of plugins. */
  readonly sources: readonly string[]
  /** Every host, in inventory order. */
  readonly hosts: readonly string[]
  /** Every group, `all` and `ungrouped` included. */
  readonly groups: ReadonlyMap<string, Group>
  /**
   * The variables of a host, references resolved; play variables and those of `-e` may be laid over them and take part in the
   * resolution. A vault value that does not decrypt is an error.
   */
  vars(host: string, over?: Overlay): Readonly<Record<string, unknown>>
  /** The variables whose references could not be resolved; they are an error once somebody uses them. */
  unresolved(host: string, over?: Overlay): readonly Unresolved[]
  /** Where the value of this host's variable was written. */
  placeOf(host: string, variable: string): Place | undefined
  /** The groups of a host, without `all`, by name: Ansible's `group_names`. */
  groupsOf(host: string): readonly string[]
  /** What every host knows without being told: its name, its groups, the groups and the inventory. */
  magic(host: string): MagicVariables
  /** The hosts that a pattern such as `web:!web3` selects. */
  match(pattern: string): PatternResult
  /** The same for patterns that are already split. */
  matchAll(patterns: readonly string[]): PatternResult
}

/** An inventory that can be shown as it was written. */
export interface ListedInventory extends Inventory {
  /** The variables as they were written, with `own`, only what the host itself sets. */
  written(host: string, own?: boolean): Variables
  /** The variables that a group itself sets, as they were written. */
  writtenOfGroup(group: string): Variables
}

/** The inventory over a model that is complete. */
export class LoadedInventory implements ListedInventory {
  readonly sources: readonly string[]
  readonly hosts: readonly string[]
  readonly groups: ReadonlyMap<string, Group>
  readonly #hostsOfGroups: MagicVariables['groups']
  readonly #model: InventoryModel
  readonly #layers: Layers
  readonly #warn: (message: string) => void
  readonly #written = new Map<string, Variables>()
  readonly #resolver: Resolver
  readonly #warned = new Set<string>()

  constructor(model: InventoryModel, layers: Layers, warn: (message: string) => void, sources: readonly string[]) {
    this.sources = sources
    this.#model = model
    this.#layers = layers
    this.#warn = warn
    this.hosts = hostsBelow(model.addGroup('all')).map((host) => host.name)
    const depths = new Map<GroupNode, number>()
    this.groups = new Map([...model.groups].map(([name, group]) => [name, groupOf(group, depths)]))
    this.#hostsOfGroups = Object.fromEntries([...this.groups].map(([name, { allHosts }]) => [name, allHosts]))
    this.#resolver = this.#resolverOver({}, '')
  }

  vars(host: string, over?: Overlay): Readonly<Record<string, Value>> {
    const { values, unresolved, errors } = this.#resolve(host, over)
    if (errors.length > 0) throw errors.length === 1 ? errors[0] : new InputErrors(errors)
    for (const { variable, place, reason } of unresolved) {
      const message = `${showPlace(place)}: ${variable} of ${host} stays as it is written: ${reason}`
      const key = `${showPlace(place)} ${reason}`
      if (!this.#warned.has(key)) this.#warn(message)
      this.#warned.add(key)
    }
    return values
  }

  unresolved(host: string, over?: Overlay): readonly Unresolved[] {
    return this.#resolve(host, over).unresolved
  }

  placeOf(host: string, variable: string): Place | undefined {
    return this.written(host).get(variable)?.place
  }

  groupsOf(host: string): readonly string[] {
    return [...ancestors(this.#host(host).groups)]
      .map((group) => group.name)
      .filter((name) => name !== 'all')
      .sort(compareText)
  }

  magic(host: string): MagicVariables {
    const { file } = this.#host(host).place
    const source = this.#model.withoutFile.has(file) ? undefined : file
    return magicVariables(host, this.groupsOf(host), this.#hostsOfGroups, source)
  }

  match(pattern: string): PatternResult {
    return this.matchAll(splitPattern(pattern))
  }

  matchAll(patterns: readonly string[]): PatternResult {
    const { groups, hosts } = this.#model
    return matchPatterns(patterns, { groups, hosts, local: (name) => this.#model.local(name)?.name })
  }

  written(name: string, own = false): Variables {
    const host = this.#host(name)
    if (own) return ownVariables(this.#layers, host)
    const known = this.#written.get(name) ?? hostVariables(this.#model, this.#layers, host)
    this.#written.set(name, known)
    return known
  }

  writtenOfGroup(name: string): Variables {
    const group = this.#model.groups.get(name)
    if (group === undefined) throw inputError(`there is no group ${name}${didYouMean(name, this.groups.keys())}`)
    return groupVariables(this.#layers, group)
  }

  #resolve(host: string, over: Overlay | undefined) {
    const written = this.written(host)
    const resolver = over === undefined ? this.#resolver : this.#resolverOver(over, host)
    const values: [string, Value][] = []
    const unresolved: Unresolved[] = []
    const errors: HostwrightError[] = []
    for (const name of new Set([
      ...written.keys(),
      ...Object.keys(over?.play ?? {}),
      ...Object.keys(over?.extra ?? {}),
    ])) {
      try {
        const { value = null, problems = [] } = resolver.variable(host, name) ?? {}
        values.push([name, value])
        const place = written.get(name)?.place ?? { file: 'playbook' }
        unresolved.push(...problems.map((problem) => ({ ...problem, variable: name, place })))
      } catch (thrown) {
        if (!(thrown instanceof Error && thrown.name === 'HostwrightError')) throw thrown
        errors.push((thrown as HostwrightError).at({ host }))
      }
    }
    return { values: Object.fromEntries(values), unresolved, errors }
  }

  #resolverOver({ play = {}, extra = {} }: Overlay, playHost: string): Resolver {
    return new Resolver({
      hasHost: (host) => this.#find(host) !== undefined,
      magic: (host, name) =>
        magicNames.has(name) ? (this.magic(host)[name as keyof MagicVariables] as Value) : undefined,
      variable: (host, name) => {
        if (Object.hasOwn(extra, name)) return extra[name] as Value
        if (host === playHost && Object.hasOwn(play, name)) return play[name] as Value
        return this.written(host).get(name)?.value
      },
    })
  }

  #find(name: string): HostNode | undefined {
    return this.#model.hosts.get(name) ?? this.#model.local(name)
  }

  #host(name: string): HostNode {
    const host = this.#find(name)
    if (host !== undefined) return host
    throw inputError(`there is no host ${name}${didYouMean(name, this.hosts)}`, undefined, 'add it to the inventory')
  }
}

const magicNames: ReadonlySet<string> = new Set<keyof MagicVariables>([
  'inventory_hostname',
  'inventory_hostname_short',
  'group_names',
  'groups',
  'inventory_file',
  'inventory_dir',
])

function groupOf(group: GroupNode, depths: Map<GroupNode, number>): Group {
  const names = (nodes: Iterable<{ readonly name: string }>): string[] => [...nodes].map((node) => node.name)
  return {
    name: group.name,
    hosts: [...group.hosts.keys()],
    allHosts: names(hostsBelow(group)),
    children: names(group.children),
    parents: names(group.parents),
    priority: group.priority,
    depth: depthOf(group, depths),
  }
}
