import type pg from 'pg'
import { conninfoOf, learnConninfos } from './conninfos.ts'

/**
 * What a server holds that its modules can change, as a tree in which every name is a key: two servers that differ in one name differ in one key.
 */
const question = `SELECT json_build_object(
  'roles', (SELECT json_object_agg(rolname, json_build_object('flags', json_build_array(rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolbypassrls),
      'limit', rolconnlimit, 'until', rolvaliduntil, 'comment', coalesce(shobj_description(oid, 'pg_authid'), ''), 'password', (SELECT rolpassword IS NOT NULL FROM pg_authid a WHERE a.oid = r.oid),
      'settings', (SELECT json_object_agg(setting, true) FROM pg_db_role_setting s, unnest(s.setconfig) setting WHERE s.setrole = r.oid),
      'member of', (SELECT json_object_agg(g.rolname, true) FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid)))
    FROM pg_roles r WHERE rolname !~ '^pg_'),
  'databases', (SELECT json_object_agg(datname, json_build_object('owner', pg_get_userbyid(datdba), 'encoding', encoding, 'collate', datcollate, 'ctype', datctype,
      'limit', datconnlimit, 'comment', coalesce(shobj_description(oid, 'pg_database'), ''), 'acl', datacl::text)) FROM pg_database),
  'tables', (SELECT json_object_agg(n.nspname || '.' || c.relname, json_build_object('owner', pg_get_userbyid(relowner), 'acl', relacl::text,
      'columns', (SELECT json_agg(attname ORDER BY attnum) FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0 AND NOT attisdropped)))
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r'),
  'schemas', (SELECT json_object_agg(nspname, nspacl::text) FROM pg_namespace),
  'rows', (SELECT json_object_agg(coalesce(note, 'null'), true) FROM hwtable),
  'publications', (SELECT json_object_agg(pubname, json_build_object('owner', pg_get_userbyid(pubowner), 'all', puballtables, 'what', json_build_array(pubinsert, pubupdate, pubdelete, pubtruncate, pubviaroot),
      'comment', coalesce(obj_description(oid, 'pg_publication'), ''), 'tables', (SELECT json_agg(prrelid::regclass::text) FROM pg_publication_rel WHERE prpubid = p.oid))) FROM pg_publication p),
  'subscriptions', (SELECT json_object_agg(subname, json_build_object('owner', pg_get_userbyid(subowner), 'conninfo', subconninfo, 'slot', subslotname, 'enabled', subenabled,
      'comment', coalesce(obj_description(oid, 'pg_subscription'), ''), 'publications', subpublications)) FROM pg_subscription),
  'slots', (SELECT json_object_agg(slot_name, json_build_array(slot_type, plugin, database)) FROM pg_replication_slots),
  'extensions', (SELECT json_object_agg(extname, extversion) FROM pg_extension),
  'settings', (SELECT json_object_agg(name, setting) FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf')
) AS state`

export async function serverState(client: pg.Client): Promise<unknown> {
  const { rows } = await client.query<{ state: State }>(question)
  const state = rows[0]?.state
  const subscriptions = Object.entries(state?.subscriptions ?? {})
  learnConninfos(subscriptions.map(([, { conninfo }]) => conninfo))
  const read = subscriptions.map(([name, one]) => [
    name,
    { ...one, conninfo: conninfoOf(one.conninfo) ?? one.conninfo },
  ])
  return { ...state, subscriptions: Object.fromEntries(read) as unknown }
}

interface State {
  readonly subscriptions: Readonly<Record<string, { readonly conninfo: string }>> | null
}

/** What modules are tried on: a table, and roles that may get and give things. */
export async function furnish(client: pg.Client): Promise<void> {
  await client.query(`CREATE TABLE hwtable (id bigint, note text); CREATE ROLE hwgroup; CREATE ROLE hwmember`)
}

/** A query whose rows are the statements that remove what a test made. */
const leftovers = `
  SELECT 1, format('ALTER SUBSCRIPTION %I DISABLE', subname) FROM pg_subscription
  UNION ALL SELECT 2, format('ALTER SUBSCRIPTION %I SET (slot_name = NONE)', subname) FROM pg_subscription
  UNION ALL SELECT 3, format('DROP SUBSCRIPTION %I', subname) FROM pg_subscription
  UNION ALL SELECT 3, format('DROP PUBLICATION %I', pubname) FROM pg_publication
  UNION ALL SELECT 3, format('DROP TABLE public.%I', tablename) FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'hwtable'
  UNION ALL SELECT 3, format('REVOKE %I FROM %I', g.rolname, m.rolname) FROM pg_auth_members a JOIN pg_roles g ON g.oid = roleid JOIN pg_roles m ON m.oid = member WHERE g.rolname LIKE 'hw%' OR m.rolname LIKE 'hw%'
  UNION ALL SELECT 3, 'DELETE FROM hwtable' WHERE EXISTS (SELECT FROM hwtable)
  UNION ALL SELECT 3, 'UPDATE pg_class SET relacl = NULL WHERE relname = ''hwtable''' WHERE (SELECT relacl IS NOT NULL FROM pg_class WHERE relname = 'hwtable')
  UNION ALL SELECT 3, format('SELECT pg_drop_replication_slot(%L)', slot_name) FROM pg_replication_slots
  UNION ALL SELECT 4, format('DROP DATABASE %I', datname) FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1')
  UNION ALL SELECT 5, format('DROP ROLE %I', rolname) FROM pg_roles WHERE rolname !~ '^pg_' AND rolname NOT IN ('postgres', 'hwgroup', 'hwmember')
  UNION ALL SELECT 6, 'ALTER SYSTEM RESET ALL' WHERE EXISTS (SELECT FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf')
  ORDER BY 1, 2`

export async function tidy(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ format: string }>(leftovers)
  for (const { format } of rows) await client.query(format)
}
