import { choice, defineModule, listOf, optional, Type, withDefault, type Plan, type Read } from '../lib/index.ts'
import {
  contentSql,
  readPublication,
  respelt,
  showContent,
  type Content,
  type Publication,
} from '../lib/kit/postgres/logical/publication.ts'
import { differing, statementPlan } from '../lib/kit/postgres/sql/apply.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'
import { ident, rawSql, sql, type Sql } from '../lib/kit/postgres/sql/sql.ts'
import { parseTable } from '../lib/kit/postgres/sql/table-name.ts'
import {
  parameterList,
  parameterText,
  sameParameter,
  withClause,
  type Parameters,
} from '../lib/kit/postgres/sql/with-clause.ts'

/** The result of `pg_publication`. */
export interface PgPublicationResult {
  /** Whether it is there. */
  readonly exists: boolean
  /** Its owner. */
  readonly owner: string
  /** `schema.table`, with its columns and condition where it has some; `all tables`. */
  readonly tables: readonly string[]
  /** Its parameters, by name. */
  readonly parameters: Parameters
  /** The statements that changed something, or would. */
  readonly queries: readonly string[]
}

const params = {
  name: Type.String({ minLength: 1, description: 'The publication.' }),
  tables: optional(
    listOf(Type.String(), { description: 'The tables, whole. Without these, columns and schemas: all tables.' }),
  ),
  columns: optional(
    Type.Unsafe<Readonly<Record<string, readonly string[] | null>>>({
      type: 'object',
      additionalProperties: { text: false },
      description: 'Instead of tables: table → its published columns; null: all (server 15 or later).',
    }),
  ),
  tables_in_schema: optional(
    listOf(Type.String(), { description: 'Schemas, all of their tables, those to come too (server 15 or later).' }),
  ),
  rowfilters: optional(
    Type.Record(Type.String(), Type.String(), {
      description: 'Table → the SQL condition that its published rows meet (server 15 or later).',
    }),
  ),
  parameters: withDefault(
    Type.Unsafe<Parameters>({
      type: 'object',
      additionalProperties: { text: false },
      description: 'publish, publish_via_partition_root …; others stay.',
    }),
    {},
  ),
  owner: optional(Type.String({ description: 'Its owner. Default: who creates it.' })),
  comment: optional(Type.String({ description: 'Its comment; empty: none.' })),
  cascade: withDefault(Type.Boolean({ description: 'With state absent: what depends on it goes too.' }), false),
  state: withDefault(
    choice(['present', 'absent'], { description: 'Whether the publication is to be there.' }),
    'present',
  ),
  ...loginParams,
}
type Wanted = Read<typeof params>

/**
 * A publication of a database: which tables subscribers may follow, which of their columns and rows, and which operations. What it holds is set to exactly
 * what is asked for. Subscribers learn of added tables when they refresh (pg_subscription does).
 *
 * Conditions are compared by their meaning, as the server plans them. A publication that turns from all tables to some is dropped and made anew in one
 * transaction.
 *
 * @throws the server's error when a table, column or condition is not there or not right, or the server is too old for it.
 * @example
 * pg_publication({ name: 'publ_test1', tables: ['test1'], db: 'repl' })
 * @see community.postgresql.postgresql_publication, https://www.postgresql.org/docs/current/sql-createpublication.html
 */
export const pg_publication = defineModule({
  name: 'pg_publication',
  summary: 'A publication for logical replication.',
  params,
  examples: [
    { name: 'Every table of a database', params: { name: 'everything' } },
    { name: 'Without deletions', params: { name: 'growing', parameters: { publish: 'insert, update' } } },
  ],
  check: ({ tables, columns, tables_in_schema, rowfilters }) => [
    ...(columns !== undefined && (tables !== undefined || tables_in_schema !== undefined)
      ? ['"columns" excludes "tables" and "tables_in_schema": name all tables in it']
      : []),
    ...Object.keys(rowfilters ?? {})
      .filter((table) => ![...(tables ?? []), ...Object.keys(columns ?? {})].includes(table))
      .map((table) => `"rowfilters" has ${table}, which is not among the tables`),
  ],
  plan: async (wanted, host): Promise<Plan<PgPublicationResult>> => {
    const address = addressOf(wanted)
    const server = host.postgres(address)
    const now = await readPublication(server, wanted.name)
    const of = `publication ${wanted.name}`
    if (wanted.state === 'absent')
      return statementPlan<PgPublicationResult>(server, {
        ...{ address, of, before: { state: 'present' }, after: { state: 'absent' } },
        statements:
          now === undefined
            ? []
            : [sql`DROP PUBLICATION ${ident(wanted.name)}${rawSql(wanted.cascade ? ' CASCADE' : '')}`],
        result: { exists: false, owner: '', tables: [], parameters: {} },
      })
    const asked = askedContent(wanted)
    const content = now === undefined ? asked : await respelt(server, asked, now.content)
    const then = {
      owner: wanted.owner ?? now?.owner ?? address.user ?? 'postgres',
      tables: showContent(content),
      parameters: { ...now?.parameters, ...wanted.parameters },
      ...(wanted.comment === undefined ? {} : { comment: wanted.comment === '' ? null : wanted.comment }),
    }
    return statementPlan<PgPublicationResult>(server, {
      ...{ address, of, statements: statementsFor(wanted, content, now) },
      ...differing(
        now === undefined ? { state: 'absent' } : attributesOf(now),
        now === undefined
          ? { state: 'present', ...then }
          : { ...then, parameters: shownParameters(then.parameters, now) },
      ),
      result: { exists: true, owner: then.owner, tables: then.tables, parameters: then.parameters },
    })
  },
})

function askedContent({ tables, columns, tables_in_schema, rowfilters }: Wanted): Content {
  if (tables === undefined && columns === undefined && tables_in_schema === undefined) return { all: true }
  const listed: Readonly<Record<string, readonly string[] | null>> =
    columns ?? Object.fromEntries((tables ?? []).map((table) => [table, null]))
  return {
    all: false,
    tables: Object.entries(listed).map(([table, list]) => ({
      ...parseTable(table),
      columns: list === null || list.length === 0 ? null : list,
      filter: rowfilters?.[table] ?? null,
    })),
    schemas: tables_in_schema ?? [],
  }
}

function statementsFor(wanted: Wanted, content: Content, now: Publication | undefined): readonly Sql[] {
  const name = ident(wanted.name)
  const { parameters, owner, comment } = wanted
  const createdAnew = now !== undefined && content.all !== now.content.all
  const kept: Parameters = createdAnew ? { ...now.parameters, ...parameters } : parameters
  const something = content.all || content.tables.length + content.schemas.length > 0
  const create = sql`CREATE PUBLICATION ${name}${something ? sql` FOR ${contentSql(content)}` : sql``}${withClause(kept)}`
  const ownership = (to: string) => sql`ALTER PUBLICATION ${name} OWNER TO ${ident(to)}`
  const remark = (text: string | null) => sql`COMMENT ON PUBLICATION ${name} IS ${text === '' ? null : text}`
  if (now === undefined || createdAnew)
    return [
      ...(createdAnew ? [sql`DROP PUBLICATION ${name}`] : []),
      create,
      ...(owner !== undefined || createdAnew ? [ownership(owner ?? now?.owner ?? '')] : []),
      ...((comment ?? now?.comment ?? '') === '' ? [] : [remark(comment ?? now?.comment ?? '')]),
    ]
  const differ = Object.entries(parameters).filter(
    ([key, value]) => now.parameters[key] === undefined || !sameParameter(now.parameters[key], value),
  )
  return [
    ...(content.all || sameContent(content, now.content) ? [] : settle(name, content, now.content)),
    ...(differ.length === 0 ? [] : [sql`ALTER PUBLICATION ${name} SET (${parameterList(Object.fromEntries(differ))})`]),
    ...(owner === undefined || owner === now.owner ? [] : [ownership(owner)]),
    ...(comment === undefined || comment === (now.comment ?? '') ? [] : [remark(comment)]),
  ]
}

/** SET takes a list that is not empty; an empty publication is reached by dropping what there is. */
function settle(name: Sql, content: Content, now: Content): readonly Sql[] {
  const empty = !content.all && content.tables.length + content.schemas.length === 0
  if (!empty || now.all) return [sql`ALTER PUBLICATION ${name} SET ${contentSql(content)}`]
  const bare = { ...now, tables: now.tables.map((table) => ({ ...table, columns: null, filter: null })) }
  return [sql`ALTER PUBLICATION ${name} DROP ${contentSql(bare)}`]
}

function sameContent(one: Content, other: Content): boolean {
  return JSON.stringify(showSorted(one)) === JSON.stringify(showSorted(other))
}

/** The order in which columns were named means nothing. */
function showSorted(content: Content): readonly string[] {
  if (content.all) return showContent(content)
  const tables = content.tables.map((table) => ({ ...table, columns: table.columns && [...table.columns].sort() }))
  return showContent({ ...content, tables })
}

function attributesOf({ owner, comment, parameters, content }: Publication) {
  return { owner, comment, parameters: showParameters(parameters), tables: showContent(content) }
}

/** Values that mean the same are shown as they are now, so that a diff shows what changes. */
function shownParameters(then: Parameters, now: Publication) {
  return showParameters(
    Object.fromEntries(
      Object.entries(then).map(([key, value]) => {
        const old = now.parameters[key]
        return [key, old !== undefined && sameParameter(old, value) ? old : value]
      }),
    ),
  )
}

function showParameters(parameters: Parameters): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, parameterText(value)]))
}
