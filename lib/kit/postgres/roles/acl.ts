import type { PostgresReader } from '../../../host/postgres/postgres.ts'

/** The types of objects that `pg_privs` grants privileges on. */
export const objectTypes = ['table', 'sequence', 'function', 'schema', 'database'] as const
/** A type of object that privileges are granted on. */
export type ObjectType = (typeof objectTypes)[number]

/** Something privileges are granted on, with who has which. */
export interface AclObject {
  /** As it was asked for; its own name under ALL_IN_SCHEMA. */
  readonly name: string
  /** Its quoted name, as GRANT takes it. */
  readonly target: string
  /** All privileges there are on such an object. */
  readonly all: readonly string[]
  /** Who has which privilege, and may pass it on; `PUBLIC` is everybody. */
  readonly granted: readonly { readonly role: string; readonly privilege: string; readonly grantable: boolean }[]
}

const asked = 'unnest($1::text[]) AS w(name)'
const relation = (kinds: string) =>
  `SELECT coalesce(w.name, c.relname) AS name, format('%I.%I', n.nspname, c.relname) AS target, c.relacl AS acl, c.relowner AS owner
   FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN ${asked} ON w.name = c.relname
   WHERE n.nspname = coalesce($2, 'public') AND c.relkind IN (${kinds}) AND ($3 OR w.name IS NOT NULL)`

/** How objects of each type are found: $1 names, $2 the schema, $3 whether all of the schema are meant. The letter is acldefault's. */
const sources: Readonly<Record<ObjectType, { readonly letter: string; readonly sql: string }>> = {
  table: { letter: 'r', sql: relation(`'r', 'p', 'v', 'm', 'f'`) },
  sequence: { letter: 's', sql: relation(`'S'`) },
  function: {
    letter: 'f',
    sql: `SELECT coalesce(w.name, p.proname) AS name, p.oid::regprocedure::text AS target, p.proacl AS acl, p.proowner AS owner
      FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      LEFT JOIN ${asked} ON p.oid = to_regprocedure(coalesce(quote_ident($2::text) || '.', '') || w.name)
      WHERE w.name IS NOT NULL OR ($3 AND n.nspname = coalesce($2, 'public') AND p.prokind <> 'p')`,
  },
  schema: {
    letter: 'n',
    sql: `SELECT nspname AS name, quote_ident(nspname) AS target, nspacl AS acl, nspowner AS owner FROM pg_namespace
      WHERE nspname = ANY($1::text[]) AND ($2::text IS NULL OR true) AND NOT $3`,
  },
  database: {
    letter: 'd',
    sql: `SELECT datname AS name, quote_ident(datname) AS target, datacl AS acl, datdba AS owner FROM pg_database
      WHERE datname = ANY($1::text[]) AND ($2::text IS NULL OR true) AND NOT $3`,
  },
}

/** The objects of these names, as far as they exist. With `ALL_IN_SCHEMA` for names: every one of the schema. */
export async function readAcls(
  server: PostgresReader,
  type: ObjectType,
  names: readonly string[],
  schema: string | undefined,
): Promise<readonly AclObject[]> {
  const { letter, sql } = sources[type]
  const everything = names.length === 1 && names[0] === 'ALL_IN_SCHEMA'
  const rows = await server.query(
    `SELECT o.name::text AS name, o.target,
       ARRAY(SELECT DISTINCT privilege_type FROM aclexplode(acldefault('${letter}', o.owner)) WHERE grantee = o.owner ORDER BY 1) AS all,
       coalesce((SELECT json_agg(json_build_object('role', coalesce(r.rolname, 'PUBLIC'), 'privilege', a.privilege_type, 'grantable', a.is_grantable))
         FROM aclexplode(coalesce(o.acl, acldefault('${letter}', o.owner))) a LEFT JOIN pg_roles r ON r.oid = a.grantee), '[]') AS granted
     FROM (${sql}) o ORDER BY 2`,
    [everything ? [] : names, schema ?? null, everything],
  )
  return rows as readonly unknown[] as readonly AclObject[]
}
