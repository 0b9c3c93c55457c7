import { CannotEncode } from '../cannot-encode.ts'
import { without } from '../letters.ts'

/** A value of libpq's connection string. */
export function conninfoValue(text: string): string {
  if (/^[\w.:/@%+,-]+$/.test(text)) return text
  return `'${without(text, /\0/, 'a connection string').replace(/['\\]/g, '\\$&')}'`
}

/**
 * `keyword=value` pairs.
 *
 * @see https://www.postgresql.org/docs/current/libpq-connect.html#LIBPQ-CONNSTRING
 */
export function conninfo(parts: Readonly<Record<string, string>>): string {
  return Object.entries(parts)
    .map(([keyword, value]) => `${keywordOf(keyword)}=${conninfoValue(value)}`)
    .join(' ')
}

function keywordOf(text: string): string {
  if (/^[a-z_]+$/.test(text)) return text
  throw new CannotEncode('a keyword of a connection string is lower case letters and underscores')
}
