import type { Publisher, Subscription } from './subscription.ts'
import { parameterOf } from './subscription.ts'
import { ident, joinSql, rawSql, sql, type Sql } from '../sql/sql.ts'
import { parameterList, sameParameter, withClause, type Parameters } from '../sql/with-clause.ts'

/** What a subscription is to be. */
export interface WantedSubscription {
  /** Its name. */
  readonly name: string
  /** Without a password. */
  readonly conninfo: string
  /** The names of the publications it follows. */
  readonly publications: readonly string[]
  /** Its parameters, as CREATE SUBSCRIPTION takes them. */
  readonly parameters: Parameters
  /** The role that owns it; undefined: as it is. */
  readonly owner?: string | undefined
  /** Its comment; empty: none; undefined: as it is. */
  readonly comment?: string | undefined
}

/** What brings a subscription about: first all of `together` in one transaction, then the others one by one. */
export interface SubscriptionWork {
  /** Statements for one transaction. */
  readonly together: readonly Sql[]
  /** Statements that PostgreSQL refuses in a transaction. */
  readonly single: readonly Sql[]
}

/** Parameters that count at creation only. */
const once = new Set(['copy_data', 'create_slot', 'connect', 'two_phase'])

/**
 * The statements that make a subscription.
 *
 * @param slot - made already, of this name; otherwise the server makes it.
 */
export function creation(wanted: WantedSubscription, slot: string | undefined): readonly Sql[] {
  const name = ident(wanted.name)
  const { owner, comment, publications } = wanted
  const parameters =
    slot === undefined ? wanted.parameters : { ...wanted.parameters, slot_name: slot, create_slot: false }
  const list = joinSql(publications.map(ident), ', ')
  return [
    sql`CREATE SUBSCRIPTION ${name} CONNECTION ${wanted.conninfo} PUBLICATION ${list}${withClause(parameters)}`,
    ...(owner === undefined ? [] : [sql`ALTER SUBSCRIPTION ${name} OWNER TO ${ident(owner)}`]),
    ...(comment === undefined || comment === '' ? [] : [sql`COMMENT ON SUBSCRIPTION ${name} IS ${comment}`]),
  ]
}

/** What differs is altered; tables that the publisher has added are taken up. */
export function alterations(
  wanted: WantedSubscription,
  now: Subscription,
  publisher: Publisher | undefined,
): readonly Sql[] {
  const name = ident(wanted.name)
  const { enabled: wantsEnabled, ...others } = wanted.parameters
  const enabled = wantsEnabled === undefined ? now.enabled : sameParameter(wantsEnabled, true)
  const copy: Parameters = 'copy_data' in wanted.parameters ? { copy_data: wanted.parameters['copy_data'] ?? true } : {}
  const changing = Object.entries(others).filter(([key, value]) => {
    const current = once.has(key) ? undefined : parameterOf(now, key)
    return current !== undefined && !sameParameter(current, value)
  })
  const publications = sameSet(wanted.publications, now.publications)
    ? undefined
    : joinSql(wanted.publications.map(ident), ', ')
  const missing = (publisher?.tables ?? []).some((table) => !now.tables.includes(table))
  const alter = sql`ALTER SUBSCRIPTION ${name}`
  return [
    ...(wanted.conninfo === now.conninfo ? [] : [sql`${alter} CONNECTION ${wanted.conninfo}`]),
    ...(enabled || !now.enabled ? [] : [sql`${alter} DISABLE`]),
    ...(changing.length === 0 ? [] : [sql`${alter} SET (${parameterList(Object.fromEntries(changing))})`]),
    ...(enabled && !now.enabled ? [sql`${alter} ENABLE`] : []),
    ...(publications === undefined
      ? []
      : [sql`${alter} SET PUBLICATION ${publications}${withClause(enabled ? copy : { refresh: false })}`]),
    ...(publications === undefined && missing && enabled ? [sql`${alter} REFRESH PUBLICATION${withClause(copy)}`] : []),
    ...(wanted.owner === undefined || wanted.owner === now.owner
      ? []
      : [sql`${alter} OWNER TO ${ident(wanted.owner)}`]),
    ...(wanted.comment === undefined || wanted.comment === (now.comment ?? '')
      ? []
      : [sql`COMMENT ON SUBSCRIPTION ${name} IS ${wanted.comment === '' ? null : wanted.comment}`]),
  ]
}

/** Removal; where the slot is gone already, the server must not look for it. */
export function removal(wantedName: string, slotGone: boolean, cascade: boolean): SubscriptionWork {
  const drop = sql`DROP SUBSCRIPTION ${ident(wantedName)}${rawSql(cascade ? ' CASCADE' : '')}`
  return slotGone ? { together: [...letGo(wantedName), drop], single: [] } : { together: [], single: [drop] }
}

/** Its slot is lost, and with it rows: the tables are emptied in the transaction that removes it, then it is made anew and copies them. */
export function renewal(wanted: WantedSubscription, now: Subscription, slot: string | undefined): SubscriptionWork {
  const tables = now.tables.length === 0 ? [] : [sql`TRUNCATE ${rawSql(now.tables.join(', '))}`]
  return {
    together: [...letGo(wanted.name), sql`DROP SUBSCRIPTION ${ident(wanted.name)}`, ...tables],
    single: creation(wanted, slot),
  }
}

function letGo(name: string): readonly Sql[] {
  return [sql`ALTER SUBSCRIPTION ${ident(name)} DISABLE`, sql`ALTER SUBSCRIPTION ${ident(name)} SET (slot_name = NONE)`]
}

function sameSet(one: readonly string[], other: readonly string[]): boolean {
  return JSON.stringify([...one].sort()) === JSON.stringify([...other].sort())
}
