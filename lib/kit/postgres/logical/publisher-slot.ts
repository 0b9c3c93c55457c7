import type { Host } from '../../../host/host.ts'
import type { ServerAddress } from '../../../host/postgres/postgres.ts'
import { sql } from '../sql/sql.ts'

/**
 * Makes the slot of a subscription on its publisher, before the subscription and in a session of its own. A new slot waits for all transactions of its server,
 * and CREATE SUBSCRIPTION is a transaction: if it made the slot, two servers that subscribe to each other at once would wait for each other for ever.
 */
export async function makeSlot(host: Host, publisher: ServerAddress, slot: string): Promise<void> {
  const text = sql`SELECT pg_create_logical_replication_slot(${slot}, 'pgoutput')`.text
  await host.postgres(publisher).execute(text, undefined, effectOn(slot))
}

/** Drops the slot of a subscription on its publisher. */
export async function dropSlot(host: Host, publisher: ServerAddress, slot: string): Promise<void> {
  await host.postgres(publisher).execute(sql`SELECT pg_drop_replication_slot(${slot})`.text, undefined, effectOn(slot))
}

function effectOn(slot: string) {
  return { kind: 'database', name: `slot ${slot}` } as const
}
