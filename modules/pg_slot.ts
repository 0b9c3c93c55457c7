import { choice, defineModule, HostwrightError, Type, withDefault, type Plan, type Read } from '../lib/index.ts'
import { statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { sql } from '../lib/kit/postgres/sql/sql.ts'

/** The result of `pg_slot`. */
export interface PgSlotResult {
  /** The slot. */
  readonly name: string
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
  /** Whether somebody streams from it now. */
  readonly active: boolean
  /** What the server says of the WAL it keeps: reserved, extended, unreserved, lost; empty when it keeps none. */
  readonly wal_status: string
}

interface Slot {
  readonly slot_type: string
  readonly plugin: string | null
  readonly database: string | null
  readonly active: boolean
  readonly active_pid: number | null
  readonly restart_lsn: string | null
  readonly wal_status: string
}

const params = {
  name: Type.String({
    pattern: '^[a-z0-9_]{1,63}$',
    description: 'The slot: small letters, digits and underscores.',
  }),
  slot_type: withDefault(
    choice(['physical', 'logical'], {
      description: 'Physical slots are for standbys, logical ones for subscriptions.',
    }),
    'physical',
  ),
  output_plugin: withDefault(Type.String({ description: 'What decodes for a logical slot.' }), 'test_decoding'),
  immediately_reserve: withDefault(Type.Boolean({ description: 'Keep WAL from now on (physical slots).' }), false),
  state: withDefault(choice(['present', 'absent'], { description: 'Whether the slot is to be there.' }), 'present'),
  ...loginParams,
}
type Wanted = Read<typeof params>

/**
 * A replication slot. One whose WAL is lost can never serve again: it is dropped and created anew. An active slot is never dropped: that is an error that
 * names who uses it.
 *
 * `immediately_reserve` makes the server keep WAL from now on, not from the first connection; a slot that is there and keeps none is given some.
 *
 * @see community.postgresql.postgresql_slot, https://www.postgresql.org/docs/current/view-pg-replication-slots.html
 */
export const pg_slot = defineModule({
  name: 'pg_slot',
  summary: 'A replication slot of a PostgreSQL server.',
  params,
  examples: [
    { name: 'A slot for a standby', params: { name: 'pg2', immediately_reserve: true } },
    {
      name: 'A logical one',
      params: { name: 'feed', slot_type: 'logical', output_plugin: 'pgoutput', db: 'postgres' },
    },
  ],
  check: ({ slot_type, immediately_reserve }) =>
    slot_type === 'logical' && immediately_reserve ? ['"immediately_reserve" is for physical slots only'] : [],
  plan: async (wanted, host): Promise<Plan<PgSlotResult>> => {
    const { name } = wanted
    const address = addressOf(wanted)
    const server = host.postgres(address)
    const [row] = await server.query(
      `SELECT slot_type, plugin::text, database::text, active, active_pid, restart_lsn::text, coalesce(to_json(s) ->> 'wal_status', '') AS wal_status
         FROM pg_replication_slots s WHERE slot_name = $1`,
      [name],
    )
    const slot = row as Slot | undefined
    const drop = slot === undefined ? undefined : reasonToDrop(wanted, slot, address.database ?? 'postgres')
    const create = wanted.state === 'present' && (slot === undefined || drop !== undefined)
    if (drop !== undefined && slot?.active === true)
      throw new HostwrightError(`slot ${name} ${drop}, but process ${slot.active_pid} of the server streams from it`, {
        host: host.name,
        next: 'stop what streams from it (a standby, barman receive-wal) and run again',
        data: { ...slot },
      })
    const statements = [
      ...(drop === undefined ? [] : [sql`SELECT pg_drop_replication_slot(${name})`]),
      ...(create ? [creation(wanted)] : []),
    ]
    const created = wanted.slot_type === 'logical' || wanted.immediately_reserve ? 'reserved' : ''
    return statementPlan<PgSlotResult>(server, {
      address,
      of: `replication slot ${name}`,
      statements,
      before: attributes(slot),
      after: create ? wantedAttributes(wanted) : { state: 'absent' },
      result:
        statements.length === 0
          ? { name, active: slot?.active ?? false, wal_status: slot?.wal_status ?? '' }
          : { name, active: false, wal_status: create ? created : '' },
      single: true,
    })
  },
})

function reasonToDrop(wanted: Wanted, slot: Slot, database: string): string | undefined {
  if (wanted.state === 'absent') return 'is to be removed'
  if (slot.slot_type !== wanted.slot_type) return `is ${slot.slot_type}, not ${wanted.slot_type}`
  if (slot.wal_status === 'lost') return 'has lost the WAL it was to keep (max_slot_wal_keep_size)'
  if (wanted.slot_type === 'physical')
    return wanted.immediately_reserve && slot.restart_lsn === null && !slot.active ? 'keeps no WAL yet' : undefined
  if (slot.plugin !== wanted.output_plugin) return `decodes with ${slot.plugin}, not ${wanted.output_plugin}`
  return slot.database === database ? undefined : `belongs to database ${slot.database}, not ${database}`
}

function creation({ name, slot_type, output_plugin, immediately_reserve }: Wanted) {
  return slot_type === 'physical'
    ? sql`SELECT pg_create_physical_replication_slot(${name}, ${immediately_reserve})`
    : sql`SELECT pg_create_logical_replication_slot(${name}, ${output_plugin})`
}

function attributes(slot: Slot | undefined) {
  if (slot === undefined) return { state: 'absent' }
  const { slot_type, plugin, wal_status, restart_lsn } = slot
  return {
    state: 'present',
    slot_type,
    ...(plugin === null ? {} : { output_plugin: plugin }),
    wal_status,
    reserved: restart_lsn !== null,
  }
}

function wantedAttributes({ slot_type, output_plugin, immediately_reserve }: Wanted) {
  const logical = slot_type === 'logical'
  return {
    state: 'present',
    slot_type,
    ...(logical ? { output_plugin } : {}),
    reserved: logical || immediately_reserve,
  }
}
