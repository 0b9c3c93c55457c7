import { defined } from '../../../defined.ts'
import { asHostwrightError } from '../../../error.ts'
import { ChangedSincePlan } from '../../../host/changed-since.ts'
import type { Host } from '../../../host/host.ts'
import type { PostgresReader, ServerAddress } from '../../../host/postgres/postgres.ts'
import { sqlState } from '../../../host/postgres/trouble.ts'
import { change, unchanged, type Attributes, type Plan } from '../../../play/module.ts'
import type { Sql } from './sql.ts'

/** What {@link statementPlan} is to run and to show. */
export interface WantedStatements<R> {
  /** The server and the database. */
  readonly address: ServerAddress
  /** What it is about: `role replicator`. */
  readonly of: string
  /** None: nothing to do. */
  readonly statements: readonly Sql[]
  /** The attributes as they are, for the diff. */
  readonly before: Attributes
  /** The attributes as they will be, for the diff. */
  readonly after: Attributes
  /** The result of the task, without `queries`. */
  readonly result: R
  /** One by one, for statements that PostgreSQL refuses in a transaction. */
  readonly single?: boolean
  /** Statements as the result shows them, where the real ones hold what must not be seen. */
  readonly shown?: readonly string[]
}

/** The plan that runs these statements, all or none; its result has them as `queries`. */
export function statementPlan<R extends { readonly queries: readonly string[] }>(
  server: PostgresReader,
  wanted: WantedStatements<Omit<R, 'queries'>>,
): Plan<R> {
  const { address, of, before, after, single = false } = wanted
  const statements = wanted.statements.filter(({ text }) => !server.promised(text))
  if (statements.length === 0) return unchanged({ ...wanted.result, queries: [] } as unknown as R)
  return change<R>({
    diff: [{ of, before, after }],
    result: { ...wanted.result, queries: wanted.shown ?? statements.map(({ text }) => text) } as unknown as R,
    apply: (host) => runStatements(host, address, of, statements, single),
  })
}

/** Runs statements. An error that comes from a change since the plan makes the task plan again. */
export async function runStatements(
  host: Host,
  address: ServerAddress,
  of: string,
  statements: readonly Sql[],
  single: boolean,
): Promise<void> {
  const server = host.postgres(address)
  const effect = { kind: 'database', name: of } as const
  const [only] = statements
  try {
    if (statements.length === 1 && only !== undefined) await server.execute(only.text, undefined, effect)
    else if (single) for (const { text } of statements) await server.execute(text, undefined, effect)
    else
      await server.transaction(
        statements.map(({ text }) => ({ sql: text })),
        effect,
      )
  } catch (error) {
    throw changedByOthers(error, statements) ? sinceChanged(error) : error
  }
}

/** Error codes for a change since the plan: duplicates, and catalog rows that another session has just changed. */
const overtaken: ReadonlySet<string | undefined> = new Set([
  '42710',
  '42P04',
  '42P06',
  '42P07',
  '42723',
  '40001',
  '40P01',
])

function changedByOthers(error: unknown, statements: readonly Sql[]): boolean {
  const code = sqlState(error)
  const { message } = asHostwrightError(error)
  if (overtaken.has(code)) return true
  if (code === '23505') return /unique constraint "pg_/.test(message)
  if (code === 'XX000') return /tuple concurrently (updated|deleted)/.test(message)
  // Dropped in the meantime.
  return (code === '42704' || code === '3D000') && statements.every(({ text }) => /^\s*(DROP|REVOKE)\b/i.test(text))
}

function sinceChanged(error: unknown): ChangedSincePlan {
  const { message, data, host, next } = asHostwrightError(error)
  return new ChangedSincePlan(message, {
    ...{ data, cause: error },
    ...defined({ host, next }),
  })
}

/** The attributes that differ, before and after: what a diff should show. */
export function differing(
  before: Attributes,
  after: Attributes,
): { readonly before: Attributes; readonly after: Attributes } {
  const names = Object.keys(after).filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]))
  const pick = (from: Attributes) =>
    Object.fromEntries(names.filter((name) => name in from).map((name) => [name, from[name]]))
  return { before: pick(before), after: pick(after) }
}

/** A list as people write it: a list, or text with commas (those inside parentheses belong to a function's signature). */
export function splitNames(value: string | readonly string[]): readonly string[] {
  if (typeof value !== 'string') return value
  const names: string[] = ['']
  let depth = 0
  for (const letter of value) {
    if (letter === '(') depth += 1
    if (letter === ')') depth -= 1
    if (letter === ',' && depth <= 0) names.push('')
    else names[names.length - 1] += letter
  }
  return names.map((name) => name.trim()).filter((name) => name !== '')
}
