import { CannotEncode } from './cannot-encode.ts'

/** What ends a line, or the whole text, for every program that reads lines. */
export const lineBreaks = /[\0\n\r]/

/** The text itself, when it holds nothing that cannot be written there. `where` completes the reason: "a pgpass field". */
export function without(text: string, unwritable: RegExp, where: string): string {
  // Half of a surrogate pair would be written as U+FFFD: another value.
  const found = unwritable.exec(text)?.[0] ?? /\p{Surrogate}/u.exec(text)?.[0]
  if (found === undefined) return text
  throw new CannotEncode(`${nameOf(found)} cannot be written in ${where}`)
}

/** The text itself. Refuses an empty text. */
export function notEmpty(text: string, where: string): string {
  if (text === '') throw new CannotEncode(`${where} cannot be empty`)
  return text
}

/** The text itself. Refuses white space at either end, which programs remove. */
export function notPadded(text: string, where: string): string {
  if (text !== '' && (isBlank(text.at(0) ?? '') || isBlank(text.at(-1) ?? '')))
    throw new CannotEncode(`a blank at the beginning or the end is lost in ${where}`)
  return text
}

/** Every character that JavaScript, Python or C treat as white space. */
function isBlank(letter: string): boolean {
  return /[\s\x1c-\x1f\x85]/.test(letter)
}

const names: Readonly<Record<string, string>> = {
  '\0': 'a NUL byte',
  '\n': 'a newline',
  '\r': 'a carriage return',
  '\t': 'a tab',
  ' ': 'a blank',
  '"': 'a double quote',
  "'": 'a single quote',
  '\\': 'a backslash',
  ',': 'a comma',
}

function nameOf(letter: string): string {
  const name = names[letter]
  if (name !== undefined) return name
  if (/\p{Surrogate}/u.test(letter)) return 'half of a surrogate pair'
  if (/^[!-~]$/.test(letter)) return `"${letter}"`
  return `U+${(letter.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
