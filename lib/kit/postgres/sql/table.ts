import type { PostgresReader } from '../../../host/postgres/postgres.ts'
import type { TableName } from './table-name.ts'

/** A table that is there. */
export interface TableState {
  /** Its owner. */
  readonly owner: string
  /** Its columns, each as it is defined. */
  readonly columns: readonly string[]
}

/** The table of this name; undefined when there is none. */
export async function readTable(server: PostgresReader, { schema, name }: TableName): Promise<TableState | undefined> {
  const [row] = await server.query(
    `SELECT pg_get_userbyid(c.relowner)::text AS owner,
       ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relname = $2 AND c.relkind IN ('r', 'p')`,
    [schema, name],
  )
  return row as TableState | undefined
}

/** The name that a column's SQL begins with, as the server takes it: in small letters unless it stands in quotes. */
export function columnName(definition: string): string {
  const quoted = /^\s*"((?:[^"]|"")+)"/.exec(definition)?.[1]
  return quoted?.replaceAll('""', '"') ?? (/^\s*(\S+)/.exec(definition)?.[1] ?? '').toLowerCase()
}
