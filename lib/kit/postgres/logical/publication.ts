import type { PostgresReader } from '../../../host/postgres/postgres.ts'
import { joinSql, ident, rawSql, sql, type Sql } from '../sql/sql.ts'
import { showTable, tableSql, type TableName } from '../sql/table-name.ts'
import type { Parameters } from '../sql/with-clause.ts'

/** A table of a publication. */
export interface PublishedTable extends TableName {
  /** Null: all columns, those to come as well. */
  readonly columns: readonly string[] | null
  /** Which rows, as an SQL condition; null: all. */
  readonly filter: string | null
}

/** What a publication holds. */
export type Content =
  | {
      /** All tables of the database, those to come as well. */
      readonly all: true
    }
  | {
      /** Only what is named here. */
      readonly all: false
      /** The tables, with their columns and filters. */
      readonly tables: readonly PublishedTable[]
      /** The schemas of which all tables are published. */
      readonly schemas: readonly string[]
    }

/** A publication as the server has it. */
export interface Publication {
  /** The role that owns it. */
  readonly owner: string
  /** Its comment; null when there is none. */
  readonly comment: string | null
  /** Its parameters: `publish`, `publish_via_partition_root`. */
  readonly parameters: Parameters
  /** The operations that it publishes. */
  readonly content: Content
}

interface PublicationRow {
  readonly owner: string
  readonly comment: string | null
  readonly every: boolean
  readonly publish: string
  readonly root: boolean | null
  readonly tables: readonly PublishedTable[] | null
  readonly schemas: readonly string[] | null
}

/** The publication of this name; undefined when there is none. Columns, filters and schemas are known from version 15 on. */
export async function readPublication(server: PostgresReader, name: string): Promise<Publication | undefined> {
  const modern = (await server.version()) >= 150000
  const columns = modern
    ? `(SELECT json_agg(a.attname ORDER BY a.attnum) FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs))`
    : 'NULL::json'
  const filter = modern ? 'pg_get_expr(r.prqual, r.prrelid)' : 'NULL::text'
  const schemas = modern
    ? `(SELECT json_agg(n.nspname ORDER BY 1) FROM pg_publication_namespace s JOIN pg_namespace n ON n.oid = s.pnnspid WHERE s.pnpubid = p.oid)`
    : 'NULL::json'
  const [row] = await server.query(
    `SELECT pg_get_userbyid(p.pubowner)::text AS owner, obj_description(p.oid, 'pg_publication') AS comment, p.puballtables AS every,
       concat_ws(', ', CASE WHEN pubinsert THEN 'insert' END, CASE WHEN pubupdate THEN 'update' END, CASE WHEN pubdelete THEN 'delete' END,
         CASE WHEN (to_jsonb(p) ->> 'pubtruncate')::bool THEN 'truncate' END) AS publish, (to_jsonb(p) ->> 'pubviaroot')::bool AS root,
       (SELECT json_agg(json_build_object('schema', n.nspname, 'name', c.relname, 'columns', ${columns}, 'filter', ${filter}) ORDER BY n.nspname, c.relname)
          FROM (SELECT * FROM pg_publication_rel WHERE prpubid = p.oid) r JOIN pg_class c ON c.oid = r.prrelid
          JOIN pg_namespace n ON n.oid = c.relnamespace) AS tables,
       ${schemas} AS schemas
     FROM pg_publication p WHERE p.pubname = $1`,
    [name],
  )
  return row === undefined ? undefined : fromRow(row as unknown as PublicationRow)
}

function fromRow({ owner, comment, every, publish, root, tables, schemas }: PublicationRow): Publication {
  return {
    ...{ owner, comment },
    parameters: { publish, ...(root === null ? {} : { publish_via_partition_root: root }) },
    content: every ? { all: true } : { all: false, tables: tables ?? [], schemas: schemas ?? [] },
  }
}

/** `FOR ALL TABLES`, `FOR TABLE …, TABLES IN SCHEMA …`, or what SET takes of it. */
export function contentSql(content: Content): Sql {
  if (content.all) return rawSql('ALL TABLES')
  return joinSql(
    [
      ...content.tables.map((table) => sql`TABLE ${oneTable(table)}`),
      ...content.schemas.map((schema) => sql`TABLES IN SCHEMA ${ident(schema)}`),
    ],
    ', ',
  )
}

function oneTable(table: PublishedTable): Sql {
  const { columns, filter } = table
  const list = columns === null ? sql`` : sql` (${joinSql(columns.map(ident), ', ')})`
  // The condition is SQL of the playbook's own; the server reads it as one expression or refuses it.
  return sql`${tableSql(table)}${list}${rawSql(filter === null ? '' : ` WHERE (${filter})`)}`
}

/** For diffs: each table with its columns and condition. */
export function showContent(content: Content): readonly string[] {
  if (content.all) return ['all tables']
  const tables = content.tables.map((table) => {
    const columns = table.columns === null ? '' : ` (${[...table.columns].join(', ')})`
    return `${showTable(table)}${columns}${table.filter === null ? '' : ` where ${table.filter}`}`
  })
  return [...tables, ...content.schemas.map((schema) => `schema ${schema}`)].sort()
}

/** The content with each condition as the server already spells it, where both mean the same. */
export async function respelt(server: PostgresReader, wanted: Content, now: Content): Promise<Content> {
  if (wanted.all || now.all) return wanted
  const tables = wanted.tables.map(async (table) => {
    const there = now.tables.find((one) => showTable(one) === showTable(table))
    const same =
      table.filter !== null &&
      there !== undefined &&
      there.filter !== null &&
      (await sameCondition(server, table, table.filter, there.filter))
    return same ? { ...table, filter: there.filter } : table
  })
  return { ...wanted, tables: await Promise.all(tables) }
}

/** Two conditions are the same when the server plans them alike: it alone knows that `id>5` is `(id > 5)`. */
async function sameCondition(server: PostgresReader, table: TableName, one: string, other: string): Promise<boolean> {
  const planOf = async (condition: string) =>
    JSON.stringify(
      await server.query(sql`EXPLAIN (COSTS OFF) SELECT FROM ${tableSql(table)} WHERE (${rawSql(condition)})`.text),
    )
  const [first, second] = await Promise.all([planOf(one), planOf(other)])
  return first === second
}
