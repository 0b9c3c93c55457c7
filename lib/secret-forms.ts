/** Where a secret stands in a text, in whatever spelling. */
export interface SecretForm {
  /** What each spelling has in it as it is; a text without it is not looked at further. */
  readonly anchor: string
  /** All spellings, for `matchAll`; the anchor alone where there is only one. */
  readonly spellings: RegExp | string
}

/** Beyond this length a text is known by its lines and as it is, because an expression of its length would cost more than it finds. */
const longestSpelt = 4096
/** Escapes of escapes are found up to this many backslashes before a character. */
const mostEscapes = 8
const anyEscapes = `\\\\{0,${mostEscapes}}`

/**
 * The spellings in which programs and libraries show a text: as it is; quoted for shells, SQL, JSON, YAML, C and Python, at any depth; escaped for XML; encoded
 * for URIs; in base64, alone or inside a longer text (`user:password` of an HTTP header). Hexadecimal dumps, hashes and what is compressed are not among them.
 */
export function secretForms(text: string): readonly SecretForm[] {
  return [spelt(text), ...inBase64(text)]
}

/** One line of a text of many. */
export function lineForms(line: string): readonly SecretForm[] {
  return [spelt(line)]
}

/** A number is no part of a longer one. */
export function numberForms(digits: string): readonly SecretForm[] {
  return [{ anchor: digits, spellings: new RegExp(`(?<!\\d)${literal(digits)}(?!\\d)`, 'g') }]
}

/** Characters that no encoder changes. */
const plain = /[A-Za-z0-9_.-]+/g
/** A text in pieces: plain characters; quotes and the like, which quoting multiplies; what formats double; any other character. */
const pieces = /[A-Za-z0-9_.-]+|['"`$\\]+|%+|\{+|\}+|[^]/gu

function spelt(text: string): SecretForm {
  const runs = text.match(plain) ?? []
  const anchor = runs.reduce((longest, run) => (run.length > longest.length ? run : longest), '')
  if (anchor === text || text.length > longestSpelt) return { anchor: text, spellings: text }
  // Its spellings would be those of all quotes there are.
  if (/^['"`$\\\s]+$/.test(text))
    return { anchor, spellings: new RegExp(`${literal(text)}|${literal(inner(text))}`, 'g') }
  return { anchor, spellings: new RegExp((text.match(pieces) ?? []).map(piece).join(''), 'g') }
}

/** No two neighbours can take the same characters in several ways: a host could make the search endless with what it says. */
function piece(text: string, index: number, all: readonly string[]): string {
  const first = text[0] ?? ''
  if (/[A-Za-z0-9_.-]/.test(first)) return literal(text)
  if (isQuotes(first)) return quotes(text.length)
  const escapes = isQuotes(all[index - 1]?.[0] ?? '') ? '' : anyEscapes
  if (!'%{}'.includes(first)) return sign(text, escapes)
  const more = text.length - 1
  return `${sign(first, escapes)}${sign(first, anyEscapes)}{${more},${more + text.length}}?`
}

function isQuotes(character: string): boolean {
  return character !== '' && `'"\`$\\`.includes(character)
}

/** A run of them may have become a longer one, with its characters in another order: `'` is `'\''` in a shell. */
function quotes(count: number): string {
  const one = String.raw`['"\`$\\]|%(?:2[247]|5[cC]|60)|[ux](?:00)?(?:2[247]|5[cC]|60)|&(?:quot|apos|#0?3[469]|#x2[247]);`
  return `(?:${one}){${count},${(count + 2) * mostEscapes}}?`
}

/** `escapes` go before its first byte: there they are none where quotes before it have taken them. */
function sign(character: string, escapes: string): string {
  const escaped = (part: string, at: number) => `${at === 0 ? escapes : anyEscapes}${part}`
  const code = character.codePointAt(0) ?? 0
  const bytes = [...Buffer.from(character)]
  const units = [...Array(character.length).keys()].map((at) => character.charCodeAt(at))
  return `(?:${[
    `${escapes}${literal(character)}`,
    bytes.map((byte) => `%${hex(byte, 2)}`).join(''),
    bytes.map((byte, at) => escaped(`x${hex(byte, 2)}`, at)).join(''),
    bytes.map((byte, at) => escaped(byte.toString(8).padStart(3, '0'), at)).join(''),
    units.map((unit, at) => escaped(`u${hex(unit, 4)}`, at)).join(''),
    `${escapes}U${hex(code, 8)}`,
    ...(code < 256 ? [`${escapes}x${hex(code, 2)}`] : []),
    `&#(?:${code}|x${hex(code, 1)});`,
    ...(character in letters ? [`${escapes}${letters[character]}`] : []),
    ...(character in entities ? [`&${entities[character]};`] : []),
    ...(character === ' ' ? ['\\+'] : []),
  ].join('|')})`
}

/** In upper and lower case. */
function hex(value: number, digits: number): string {
  return [...value.toString(16).padStart(digits, '0')].map((digit) => `[${digit}${digit.toUpperCase()}]`).join('')
}

/** The letter behind a backslash. */
const letters: Readonly<Record<string, string>> = {
  ...{ '\n': 'n', '\t': 't', '\r': 'r', '\f': 'f', '\b': 'b', '\v': 'v', '\x07': 'a', '\x1b': '[eE]' },
  ...{ '\0': '0', '\x85': 'N', '\xa0': '_', '\u2028': 'L', '\u2029': 'P' },
}

const entities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '\xa0': 'nbsp' }

/** Each place in a group of three bytes gives other letters, and those at the edges depend on the neighbours: what is left between them is looked for. */
function inBase64(text: string): readonly SecretForm[] {
  const bytes = Buffer.from(text)
  if (bytes.length < 6 || text.length > longestSpelt) return []
  return [0, 1, 2].flatMap((before) => {
    const encoded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/, '')
    const whole = Math.floor(((before + bytes.length) * 8) / 6)
    const own = encoded.slice(Math.ceil((before * 8) / 6), whole)
    const forURLs = own.replaceAll('+', '-').replaceAll('/', '_')
    return [...new Set([own, forURLs])].map((anchor) => ({ anchor, spellings: anchor }))
  })
}

function inner(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
}
