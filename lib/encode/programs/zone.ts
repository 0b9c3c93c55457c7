import { CannotEncode } from '../cannot-encode.ts'
import { without } from '../letters.ts'

const where = 'a record of a zone'
/** A quoted string, or letters none of which begins a comment, a group or a string; a backslash takes the next one, or three digits, as it is. */
const words = /^(?:"(?:[^"\\]|\\.)*"|(?:[^\s"();\\]|\\\S)+)(?:[ \t]+(?:"(?:[^"\\]|\\.)*"|(?:[^\s"();\\]|\\\S)+))*$/s

/** The data of a record as a zone file has it, when it is the data of one record and nothing more. @see RFC 1035, 5.1 */
export function zoneData(text: string): string {
  without(text, /[\0-\x08\x0a-\x1f\x7f]/, where)
  if (words.test(text)) return text
  throw new CannotEncode(`${where} is words and whole quoted strings; quote what holds ; ( or )`)
}

/** Text as a TXT record holds it: strings of at most 255 bytes, each in its quotes. */
export function zoneText(text: string): string {
  const bytes = [...Buffer.from(without(text, /(?!)/, where))]
  const strings = Array.from({ length: Math.max(1, Math.ceil(bytes.length / 255)) }, (_, i) =>
    bytes.slice(i * 255, (i + 1) * 255),
  )
  return strings.map((part) => `"${part.map(zoneByte).join('')}"`).join(' ')
}

function zoneByte(byte: number): string {
  if (byte < 0x20 || byte > 0x7e) return `\\${String(byte).padStart(3, '0')}`
  const letter = String.fromCharCode(byte)
  return /["\\]/.test(letter) ? `\\${letter}` : letter
}
