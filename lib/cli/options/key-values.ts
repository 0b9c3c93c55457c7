import { controlEscapes } from '../../control-escapes.ts'
import { UsageError } from './usage-error.ts'

/**
 * `name=value` words as Ansible's `-e` splits them: at blanks outside quotes and outside `{{ … }}`; quotes around a whole value
 * go; escapes such as `\n` are read; every value is text (a play's schema makes numbers of it).
 *
 * Unlike Ansible, which drops words without `=` in silence, and with them the rest of a value that was not quoted, this refuses
 * them.
 *
 * @example
 * parseKeyValues(`a=1 b="x y"`) // { a: '1', b: 'x y' }
 */
export function parseKeyValues(text: string): Record<string, string> {
  const entries = splitOutsideQuotes(text).map((word, index): [string, string] => {
    const at = word.indexOf('=')
    const name = word.slice(0, at)
    if (at > 0 && !/\\$/.test(name)) return [name, unquote(decodeEscapes(word.slice(at + 1)))]
    // The text is not shown: it may be half of a password.
    throw new UsageError(`-e: word ${index + 1} is not name=value`, adviceFor(word))
  })
  return Object.fromEntries(entries)
}

function adviceFor(word: string): string {
  if (/\.(ya?ml|json)$/.test(word)) return `for a file of variables write -e @${word}`
  return `write -e 'name=value', and quotes around a value with blanks: -e 'name="a b"'`
}

const opens: Readonly<Record<string, string>> = { '{{': '}}', '{%': '%}', '{#': '#}' }

function splitOutsideQuotes(text: string): string[] {
  const words: string[] = []
  let word = ''
  let quote: string | undefined
  let opened = 0
  const closers: string[] = []
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? ''
    const pair = text.slice(i, i + 2)
    if (quote === undefined && closers.length === 0 && (char === ' ' || char === '\n')) {
      if (word !== '') words.push(word)
      word = ''
      continue
    }
    if (char === '\\') {
      word += pair
      i += 1
      continue
    }
    if (quote !== undefined) {
      if (char === quote) quote = undefined
    } else if (pair === closers.at(-1)) closers.pop()
    else if (opens[pair] !== undefined) {
      closers.push(opens[pair])
      opened = i + 1
    } else if (char === '"' || char === "'") {
      quote = char
      opened = i + 1
    }
    word += char
  }
  if (quote !== undefined || closers.length > 0)
    throw new UsageError(
      `-e: what opens at character ${opened} never closes`,
      `add the missing ${quote ?? closers.at(-1)}`,
    )
  return word === '' ? words : [...words, word]
}

function unquote(text: string): string {
  const first = text[0]
  const isQuoted = text.length > 1 && (first === '"' || first === "'") && text.endsWith(first) && text.at(-2) !== '\\'
  return isQuoted ? text.slice(1, -1) : text
}

const escapes: Readonly<Record<string, string>> = {
  ...controlEscapes,
  '\\': '\\',
  "'": "'",
  '"': '"',
}

function decodeEscapes(text: string): string {
  return text.replace(
    /\\(?:U([0-9a-fA-F]{8})|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([abfnrtv\\'"]))/g,
    (_whole, long?: string, short?: string, byte?: string, letter?: string) => {
      if (letter !== undefined) return escapes[letter] ?? letter
      const hex = long ?? short ?? byte
      return String.fromCodePoint(parseInt(hex ?? '0', 16))
    },
  )
}
