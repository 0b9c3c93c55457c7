import type { Facts } from '../host/facts.ts'
import type { Read, TObject } from '../schema/index.ts'

/** A host of the inventory, as another host's task sees it. */
export interface HostRef<V> {
  /** Its inventory name. */
  readonly name: string
  /** `ansible_host`, or the name. */
  readonly address: string
  /** Its variables, by the play's schema. */
  readonly vars: V
}

/** What a task's function is given: everything typed, for the host it is called for. */
export interface Scope<V, R> {
  /** The host's `inventory_hostname`. */
  readonly host: string
  /** The play's variables for this host, checked against its schema. */
  readonly vars: V
  /** What earlier tasks registered on this host. */
  readonly results: R
  /** Asked for when first touched. */
  readonly facts: Facts
  /** The hosts of a group, in inventory order; an unknown group is an error before the run. */
  group(name: string): readonly HostRef<V>[]
  /** The same for a group that an inventory may well not have: no hosts then. */
  optionalGroup(name: string): readonly HostRef<V>[]
  /** The only host of a group; any other number is an error before the run. */
  soleHost(group: string): HostRef<V>
  /** All variables of a host, unchecked. */
  hostvars(name: string): Readonly<Record<string, unknown>>
}

/** The variables a schema describes, as tasks read them: the type of a role's `vars`. */
export type VarsOf<S> = S extends TObject<infer P> ? Read<P> : never
