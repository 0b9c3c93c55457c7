type Text = 'characters' | 'bytes'

const spaces: Readonly<Record<Text, string>> = {
  bytes: '\\t-\\r\\x20',
  characters: '\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000',
}
const noSpaces: Readonly<Record<Text, string>> = {
  bytes: '\\0-\\x08\\x0e-\\x1f\\x21-\\xff',
  characters:
    '\\0-\\x08\\x0e-\\x1b\\x21-\\x84\\x86-\\x9f\\xa1-\\u167f\\u1681-\\u1fff\\u200b-\\u2027\\u202a-\\u202e\\u2030-\\u205e\\u2060-\\u2fff\\u3001-\\u{10ffff}',
}
const digits = { bytes: '0-9', characters: '\\p{Nd}' } as const
const noDigits = { bytes: '\\0-\\/:-\\xff', characters: '\\P{Nd}' } as const
const words = { bytes: 'A-Za-z0-9_', characters: '\\p{L}\\p{N}_' } as const
const noWords = {
  bytes: '\\0-\\/:-@\\[-\\^`\\{-\\xff',
  // All but letters and numbers, and of the connectors all but `_`.
  characters:
    '\\p{M}\\p{S}\\p{Z}\\p{C}\\p{Pd}\\p{Ps}\\p{Pe}\\p{Pi}\\p{Pf}\\p{Po}\\u203f\\u2040\\u2054\\ufe33\\ufe34\\ufe4d-\\ufe4f\\uff3f',
} as const

/** The characters that count as part of a word, as they stand in brackets. */
export function wordClass(text: Text): string {
  return words[text]
}

/** What `\s`, `\d`, `\w` and their opposites stand for, as it stands in brackets. */
export function classFor(letter: string, text: Text): string {
  switch (letter) {
    case 's':
      return spaces[text]
    case 'S':
      return noSpaces[text]
    case 'd':
      return digits[text]
    case 'D':
      return noDigits[text]
    case 'w':
      return words[text]
    default:
      return noWords[text]
  }
}

/** A bracket expression: in Python a `]` that comes first is one of its characters, and brackets and braces need no escapes. */
export function readClass(rest: string, text: Text): readonly [string, number] {
  const negated = rest.startsWith('[^')
  let at = negated ? 2 : 1
  let out = negated ? '[^' : '['
  for (let first = true; at < rest.length; first = false) {
    const character = String.fromCodePoint(rest.codePointAt(at) ?? 0)
    if (character === ']' && !first) return [`${out}]`, at + 1]
    if (character === '\\') {
      const letter = rest[at + 1] ?? ''
      out += inClass(letter, text)
      at += 2
    } else {
      // A minus at either end is itself; with `u` it must say so beside a class.
      const atEnd = character === '-' && (first || rest[at + 1] === ']' || /\\[sSdDwW]$/.test(rest.slice(0, at)))
      out += atEnd || /[[\](){}/|]/.test(character) ? `\\${character}` : character
      at += character.length
    }
  }
  // Not closed: for RegExp to complain about.
  return [out, rest.length]
}

function inClass(letter: string, text: Text): string {
  if ('sSdDwW'.includes(letter) && letter !== '') return classFor(letter, text)
  if (letter === 'a') return '\\x07'
  return /[A-Za-z0-9]/.test(letter) ? `\\${letter}` : /[\^$\\.*+?()[\]{}|/-]/.test(letter) ? `\\${letter}` : letter
}
