import { askPython } from '../../lib/encode/read-back.ts'

const known = new Map<string, unknown>()
const looksLikeOne = /^(?:host|dbname)=/

const letters: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const lettersOf = (letter = "'") => letters[letter] ?? letter

/** A connection string that stands there, also as the value of a setting. */
function connectionString(text: string): string | undefined {
  const quoted = /^primary_conninfo = '([^]*)'$/.exec(text)?.[1]
  const plain = quoted?.replace(/''|\\([^])/g, (_, letter: string | undefined) => lettersOf(letter)) ?? text
  return looksLikeOne.test(plain) ? plain : undefined
}

/** Has libpq read what looks like a connection string, all of them together. */
export function learnConninfos(texts: Iterable<string>): void {
  const fresh = [...new Set([...texts].flatMap((text) => connectionString(text) ?? []))].filter(
    (text) => !known.has(text),
  )
  if (fresh.length === 0) return
  const read = askPython('conninfo', fresh) as readonly unknown[]
  fresh.forEach((text, i) => known.set(text, read[i]))
}

/** Keywords and values, as libpq read them; undefined for what is none. */
export function conninfoOf(text: string): unknown {
  return known.get(connectionString(text) ?? '')
}
