import type { HostRef } from '../../lib/index.ts'
import type { Variables } from './variables.ts'

interface Inventory<V> {
  readonly optionalGroup: (name: string) => readonly HostRef<V>[]
}
type Servers<V> = readonly HostRef<V>[]

/** The servers of a replication system: who leads on bare hosts comes first. */
export function serversOf<V>({ optionalGroup }: Inventory<V>): Servers<V> {
  return ['primary', 'replica'].flatMap(optionalGroup)
}

/** The others of a server: its standbys, when it leads. */
export function othersOf<V>(inventory: Inventory<V>, host: string): Servers<V> {
  return serversOf(inventory).filter(({ name }) => name !== host)
}

/** Are commits to wait for standbys? */
export function isSynchronous<V>({ optionalGroup }: Inventory<V>): boolean {
  return optionalGroup('sync').length > 0
}

/** The standbys of a server when it leads: the synchronous first, then whoever led before, the asynchronous last. */
export function synchronousOrder<V>({ optionalGroup }: Inventory<V>, leader: string): readonly string[] {
  return ['sync', 'primary', 'async'].flatMap((group) =>
    optionalGroup(group).flatMap(({ name }) => (name === leader ? [] : [name])),
  )
}

/**
 * `synchronous_standby_names` of a server for when it leads. Every server has its own from the start, so that one that is promoted waits for its standbys from the
 * first commit on.
 */
export function synchronousNames<V extends Variables>(inventory: Inventory<V>, host: string, vars: V): string {
  if (!isSynchronous(inventory)) return ''
  return `${vars.sync_method} ${vars.sync_count} (${synchronousOrder(inventory, host).map(quotedName).join(', ')})`
}

function quotedName(name: string): string {
  return /^[a-z_][a-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
