import { controlEscapes } from '../../control-escapes.ts'

export interface FoundString {
  readonly value: string
  readonly bytes: boolean
  readonly end: number
}

const opening = /(u|b|r|br|rb)?('''|"""|'|")/iy
const formatted = /(?:f|fr|rf)['"]/iy

const simple: Readonly<Record<string, string>> = {
  '\\': '\\',
  "'": "'",
  '"': '"',
  ...controlEscapes,
}

/** Digits that `\x`, `\u` and `\U` must have. */
const hexLengths: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 }

/** Python's string literal at this position, undefined where none begins, 'bad' where one begins and is broken. */
export function readString(text: string, at: number): FoundString | 'bad' | undefined {
  formatted.lastIndex = at
  if (formatted.test(text)) return 'bad'
  opening.lastIndex = at
  const open = opening.exec(text)
  if (open === null) return undefined
  const prefix = (open[1] ?? '').toLowerCase()
  const quote = open[2] ?? "'"
  const bytes = prefix.includes('b')
  const start = at + open[0].length
  const end = closing(text, start, quote)
  if (end === undefined) return 'bad'
  const body = text.slice(start, end)
  if (bytes && /[^\0-\x7f]/.test(body)) return 'bad'
  const value = prefix.includes('r') ? body : unescape(body, bytes)
  return value === undefined ? 'bad' : { value, bytes, end: end + quote.length }
}

function closing(text: string, start: number, quote: string): number | undefined {
  for (let i = start; i < text.length; i++) {
    if (text[i] === '\\') i += 1
    else if (text.startsWith(quote, i)) return i
  }
  return undefined
}

/** The body with its escapes replaced; a backslash before anything else stays, as in Python. */
function unescape(body: string, bytes: boolean): string | undefined {
  let out = ''
  for (let i = 0; i < body.length; i++) {
    const char = body[i] ?? ''
    if (char !== '\\') {
      out += char
      continue
    }
    const found = escapeAt(body, i + 1, bytes)
    if (found === undefined) return undefined
    out += found.value
    i = found.end - 1
  }
  return out
}

function escapeAt(body: string, at: number, bytes: boolean): { value: string; end: number } | undefined {
  const letter = body[at] ?? ''
  const plain = simple[letter]
  if (plain !== undefined) return { value: plain, end: at + 1 }
  const octal = /^[0-7]{1,3}/.exec(body.slice(at, at + 3))?.[0]
  if (octal !== undefined) return { value: String.fromCharCode(Number.parseInt(octal, 8)), end: at + octal.length }
  const length = bytes && letter !== 'x' ? undefined : hexLengths[letter]
  if (length !== undefined) {
    const hex = body.slice(at + 1, at + 1 + length)
    const code = Number.parseInt(hex, 16)
    if (hex.length < length || !/^[0-9a-fA-F]+$/.test(hex) || code > 0x10ffff) return undefined
    return { value: String.fromCodePoint(code), end: at + 1 + length }
  }
  // A character by name needs Unicode's tables: such a value stays as it is written.
  if (letter === 'N' && !bytes) return undefined
  return { value: `\\${letter}`, end: at + 1 }
}
