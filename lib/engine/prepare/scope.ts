import { HostwrightError } from '../../error.ts'
import type { Facts } from '../../host/facts.ts'
import type { Inventory } from '../../inventory/index.ts'
import type { AnyScope, TaskData } from '../../play/data.ts'
import type { TaskContext } from '../../play/module.ts'
import type { HostRef } from '../../play/scope.ts'
import { didYouMean } from '../../schema/index.ts'
import type { ControllerIn } from './controller.ts'
import type { PlayVariables } from './variables.ts'
import type { Vars } from './vars.ts'

/** What the scopes of one play's hosts have in common. */
export interface ScopeSource {
  readonly inventory: Inventory
  readonly variables: PlayVariables
  readonly controller: ControllerIn
}

/** The scope of one host: what task functions are given. */
export function scopeOf(source: ScopeSource, host: string, results: Vars, facts: Facts): AnyScope {
  const { inventory, variables } = source
  const ref = (name: string): HostRef<Vars> => ({
    name,
    address: addressOf(name, variables.all(name)),
    get vars() {
      return variables.checked(name)
    },
  })
  const group = (name: string): readonly HostRef<Vars>[] => {
    const hosts = inventory.groups.has(name) ? inventory.match(name).hosts : undefined
    if (hosts === undefined)
      throw new HostwrightError(`the inventory has no group "${name}"${didYouMean(name, inventory.groups.keys())}`, {
        kind: 'input',
        next: `declare [${name}] in the inventory`,
      })
    return hosts.map(ref)
  }
  return {
    host,
    get vars() {
      return variables.checked(host)
    },
    results,
    facts,
    group,
    optionalGroup: (name) => (inventory.groups.has(name) ? group(name) : []),
    soleHost(name) {
      const hosts = group(name)
      const [only] = hosts
      if (only === undefined || hosts.length > 1)
        throw new HostwrightError(
          `group "${name}" must have exactly one host, and has ${hosts.length === 0 ? 'none' : hosts.map((h) => h.name).join(', ')}`,
          {
            kind: 'input',
            next: 'correct the inventory',
          },
        )
      return only
    },
    hostvars: (name) => variables.all(name),
  }
}

/** What a task's modules see of the controller and the host's variables: templates find these names. */
export function contextOf(
  source: ScopeSource,
  host: string,
  facts: Facts,
  { folder }: Pick<TaskData, 'folder'>,
): TaskContext {
  const { inventory, variables, controller } = source
  return {
    controller: controller(folder),
    get vars() {
      return {
        ...variables.all(host),
        ...variables.checked(host),
        ...inventory.magic(host),
        hostvars: hostvarsOf(inventory, variables),
        facts,
      }
    },
  }
}

function hostvarsOf(inventory: Inventory, variables: PlayVariables): Vars {
  return Object.defineProperties(
    {},
    Object.fromEntries(inventory.hosts.map((name) => [name, { enumerable: true, get: () => variables.all(name) }])),
  ) as Vars
}

function addressOf(name: string, vars: Vars): string {
  const address = vars['ansible_host']
  return typeof address === 'string' && address !== '' ? address : name
}
