import type { PostgresReader } from '../../../host/postgres/postgres.ts'

/** The attributes of a role that are on or off, in their positive form. */
export const flagNames = [
  'SUPERUSER',
  'CREATEROLE',
  'CREATEDB',
  'INHERIT',
  'LOGIN',
  'REPLICATION',
  'BYPASSRLS',
] as const

/** A role's attribute that is on or off, as CREATE ROLE names it. */
export type RoleFlag = (typeof flagNames)[number]

/** Flag → column of pg_authid; each has its opposite, `NO…`. */
const columns: Readonly<Record<RoleFlag, string>> = {
  SUPERUSER: 'rolsuper',
  CREATEROLE: 'rolcreaterole',
  CREATEDB: 'rolcreatedb',
  INHERIT: 'rolinherit',
  LOGIN: 'rolcanlogin',
  REPLICATION: 'rolreplication',
  BYPASSRLS: 'rolbypassrls',
}

/** `SUPERUSER,NOCREATEDB` as flags and whether they are wanted; unknown words come back as they are. */
export function parseFlags(text: string): {
  readonly flags: ReadonlyMap<RoleFlag, boolean>
  readonly unknown: readonly string[]
} {
  const words = text
    .split(/[\s,]+/)
    .map((word) => word.toUpperCase())
    .filter((word) => word !== '')
  const flags = new Map<RoleFlag, boolean>()
  const unknown: string[] = []
  for (const word of words) {
    const plain = flagNames.find((name) => name === word)
    const negated = flagNames.find((name) => `NO${name}` === word)
    if (plain !== undefined) flags.set(plain, true)
    else if (negated !== undefined) flags.set(negated, false)
    else unknown.push(word)
  }
  return { flags, unknown }
}

/** A role as the server has it. */
export interface Role {
  /** Its attributes that are on or off. */
  readonly flags: Readonly<Record<RoleFlag, boolean>>
  /** How many sessions it may have; -1: no limit. */
  readonly connLimit: number
  /** Until when its password counts; null: for ever. */
  readonly expires: string | null
  /** Whether `expires` is the wanted moment, as the server reckons it. */
  readonly sameExpiry: boolean | null
  /** Its comment; null when there is none. */
  readonly comment: string | null
  /** `name=value`, as ALTER ROLE … SET keeps them. */
  readonly configuration: readonly string[]
  /** The roles it is a member of, sorted. */
  readonly groups: readonly string[]
}

/** The role of this name; undefined when there is none. */
export async function readRole(
  server: PostgresReader,
  name: string,
  expires: string | undefined,
): Promise<Role | undefined> {
  const flags = Object.entries(columns)
    .map(([flag, column]) => `'${flag}', r.${column}`)
    .join(', ')
  const [row] = await server.query(
    `SELECT json_build_object(${flags}) AS flags, r.rolconnlimit AS "connLimit", r.rolvaliduntil::text AS expires,
       r.rolvaliduntil = $2::timestamptz AS "sameExpiry", shobj_description(r.oid, 'pg_authid') AS comment,
       coalesce((SELECT s.setconfig FROM pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0), '{}') AS configuration,
       ARRAY(SELECT g.rolname::text FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid ORDER BY 1) AS groups
     FROM pg_roles r WHERE r.rolname = $1`,
    [name, expires ?? null],
  )
  return row as Role | undefined
}

/** The stored verifier of the role's password; only superusers may read it. */
export async function readVerifier(server: PostgresReader, name: string): Promise<string | null> {
  const [row] = await server.query<{ rolpassword: string | null }>(
    'SELECT rolpassword FROM pg_authid WHERE rolname = $1',
    [name],
  )
  return row?.rolpassword ?? null
}
