import { qualified, type Sql } from './sql.ts'

/** A table as people name it: `test1`, `sales.orders`, `"odd.name"`; without a schema it is in `public`. */
export interface TableName {
  /** The schema; `public` where none is named. */
  readonly schema: string
  /** The name without the schema. */
  readonly name: string
}

/** What stands without quotes means exactly this text, capitals included. */
export function parseTable(text: string): TableName {
  const parts = (text.match(/"(?:[^"]|"")+"|[^."]+/g) ?? [text]).map((part) =>
    part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part.trim(),
  )
  const [first = text, second] = parts
  return second === undefined ? { schema: 'public', name: first } : { schema: first, name: second }
}

/** The quoted name of a table: `"public"."books"`. */
export function tableSql({ schema, name }: TableName): Sql {
  return qualified(schema, name)
}

/** For results, diffs and comparisons. */
export function showTable({ schema, name }: TableName): string {
  return `${schema}.${name}`
}
