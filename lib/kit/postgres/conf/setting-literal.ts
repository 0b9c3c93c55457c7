import { joinSql, literal, type Sql } from '../sql/sql.ts'

/** Settings that hold several quoted names: SET takes each by itself. */
const listSettings = new Set([
  'local_preload_libraries',
  'search_path',
  'session_preload_libraries',
  'shared_preload_libraries',
  'temp_tablespaces',
  'unix_socket_directories',
])

/** A setting's value as SET and ALTER SYSTEM take it. */
export function settingLiteral(name: string, value: string): Sql {
  if (!listSettings.has(name.toLowerCase()) || value.trim() === '') return literal(value)
  const names = value.match(/"(?:[^"]|"")*"|[^,\s][^,]*/g) ?? []
  const plain = (text: string) => (text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.trim())
  return joinSql(
    names.map((text) => literal(plain(text))),
    ', ',
  )
}
