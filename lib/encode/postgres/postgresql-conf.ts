import { without } from '../letters.ts'

const bare = /^(?:-?\d+(?:\.\d+)?(?:B|kB|MB|GB|TB|us|ms|s|min|h|d)?|[A-Za-z_][\w]*)$/

/**
 * A value as it stands in postgresql.conf: numbers, sizes and plain words bare, all else quoted.
 *
 * @see https://www.postgresql.org/docs/current/config-setting.html
 */
export function postgresqlConfValue(value: string): string {
  return bare.test(value) ? value : postgresqlConfString(value)
}

/** The same, quoted always. */
export function postgresqlConfString(value: string): string {
  const quoted = without(value, /\0/, 'postgresql.conf')
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
  return `'${quoted}'`
}
