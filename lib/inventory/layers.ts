import { join } from 'node:path'
import {
  ancestors,
  compareText,
  depthOf,
  type GroupNode,
  type HostNode,
  type InventoryModel,
  localNames,
} from './model.ts'
import { readVarsFolder, type VarsFilesOptions } from './vars-files.ts'
import type { Variable, Variables } from './values/value.ts'

/** What the group_vars and host_vars folders beside one place hold. */
export interface VarsBeside {
  readonly groups: ReadonlyMap<string, Variables>
  readonly hosts: ReadonlyMap<string, Variables>
}

export interface Layers {
  /** Beside each inventory source, in the order of the sources. */
  readonly inventory: readonly VarsBeside[]
  readonly playbook: VarsBeside
}

const none: VarsBeside = { groups: new Map(), hosts: new Map() }

/** Reads the variable files in the folders of the inventory sources, and beside the playbook. */
export async function readLayers(
  folders: readonly string[],
  playbookDir: string | undefined,
  model: InventoryModel,
  options: VarsFilesOptions,
): Promise<Layers> {
  const groups = [...model.groups.keys()]
  const hosts = new Set([...model.hosts.keys(), ...localNames])
  const once = new Map<string, Promise<VarsBeside>>()
  const beside = (folder: string): Promise<VarsBeside> => {
    const reading =
      once.get(folder) ??
      Promise.all([
        readVarsFolder(join(folder, 'group_vars'), groups, options),
        readVarsFolder(join(folder, 'host_vars'), hosts, options),
      ]).then(([groups, hosts]) => ({ groups, hosts }))
    once.set(folder, reading)
    return reading
  }
  return {
    inventory: await Promise.all(folders.map(beside)),
    playbook: playbookDir === undefined ? none : await beside(playbookDir),
  }
}

/** From weak to strong: depth first, then `ansible_group_priority`, then the name. */
export function sortGroups(groups: Iterable<GroupNode>): GroupNode[] {
  const depths = new Map<GroupNode, number>()
  return [...groups].sort(
    (a, b) => depthOf(a, depths) - depthOf(b, depths) || a.priority - b.priority || compareText(a.name, b.name),
  )
}

/**
 * The variables of a host, weakest first: `all`, then its groups, in the inventory; then the files for `all`, then those for the
 * groups, each beside the inventory and beside the playbook; then the host in the inventory and its files likewise.
 */
export function hostVariables(model: InventoryModel, layers: Layers, host: HostNode): Variables {
  const all = model.addGroup('all')
  const groups = sortGroups(ancestors(host.groups)).filter((group) => group !== all)
  const { inventory, playbook } = layers
  return merge([
    all.vars,
    ...groups.map((group) => group.vars),
    ...[...inventory, playbook].map((files) => files.groups.get('all')),
    ...[...inventory, playbook].flatMap((files) => groups.map((group) => files.groups.get(group.name))),
    host.vars,
    ...[...inventory, playbook].map((files) => files.hosts.get(host.name)),
  ])
}

/** The variables that a group itself sets, in the inventory and in files. */
export function groupVariables(layers: Layers, group: GroupNode): Variables {
  return merge([group.vars, ...[...layers.inventory, layers.playbook].map((files) => files.groups.get(group.name))])
}

/** The variables that a host itself sets, in the inventory and in files. */
export function ownVariables(layers: Layers, host: HostNode): Variables {
  return merge([host.vars, ...[...layers.inventory, layers.playbook].map((files) => files.hosts.get(host.name))])
}

function merge(layers: readonly (Variables | undefined)[]): Variables {
  const merged = new Map<string, Variable>()
  for (const layer of layers) for (const [name, variable] of layer ?? []) merged.set(name, variable)
  return merged
}
