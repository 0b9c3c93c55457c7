import { ident, joinSql, literal, sql, type Sql } from './sql.ts'

/** Parameters of a publication or subscription, as a playbook gives them. */
export type Parameters = Readonly<Record<string, string | number | boolean | readonly string[]>>

/** `WITH (name = 'value', …)`'s inside; the server takes text for every type. */
export function parameterList(parameters: Parameters): Sql {
  return joinSql(
    Object.entries(parameters).map(([name, value]) => sql`${ident(name)} = ${literal(parameterText(value))}`),
    ', ',
  )
}

/** ` WITH (…)`, or nothing. */
export function withClause(parameters: Parameters): Sql {
  return Object.keys(parameters).length === 0 ? sql`` : sql` WITH (${parameterList(parameters)})`
}

/** A parameter as text; the members of a list are joined by commas. */
export function parameterText(value: Parameters[string]): string {
  return Array.isArray(value) ? value.join(', ') : String(value)
}

const words: Readonly<Record<string, string>> = {
  on: 'true',
  yes: 'true',
  t: 'true',
  off: 'false',
  no: 'false',
  f: 'false',
}

/** One spelling for what means the same: `yes`, `on` and true; lists by their members. */
export function sameParameter(one: Parameters[string], other: Parameters[string]): boolean {
  return canonical(one) === canonical(other)
}

function canonical(value: Parameters[string]): string {
  const items = parameterText(value)
    .split(',')
    .map((item) => item.trim().toLowerCase())
    .filter((item) => item !== '')
  return items
    .map((item) => words[item] ?? item)
    .sort()
    .join(',')
}
