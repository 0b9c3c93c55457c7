import { lineBreaks, without } from '../letters.ts'

/**
 * A field of a password file: libpq reads it as this text and nothing else. A `*` that is to match everything is written without it.
 *
 * @see https://www.postgresql.org/docs/current/libpq-pgpass.html
 */
export function pgpassField(text: string): string {
  const escaped = without(text, lineBreaks, 'a pgpass field').replace(/[\\:]/g, '\\$&')
  // Alone, an asterisk matches everything; at the beginning of a line, # makes a comment.
  return escaped === '*' || escaped.startsWith('#') ? `\\${escaped}` : escaped
}
