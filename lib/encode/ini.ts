import { CannotEncode } from './cannot-encode.ts'
import { lineBreaks, notPadded, without } from './letters.ts'

/**
 * The value of an option of an INI file. Python's configparser reads it back unchanged, with any interpolation.
 *
 * @see https://docs.python.org/3/library/configparser.html
 */
export function iniValue(text: string): string {
  return notPadded(without(text, /[\0\n\r%]/, 'the value of an INI file'), 'an INI file')
}

/** The same for barman, which takes a pair of quotes around a whole value away. */
export function barmanValue(text: string): string {
  const value = iniValue(text)
  return /^(["']).*\1$/.test(value) && value.length > 1 ? `"${value}"` : value
}

/** The name of a section, between its brackets. */
export function iniSection(text: string): string {
  if (text === '' || text === 'DEFAULT') throw new CannotEncode(`a section of an INI file needs a name of its own`)
  return without(text, new RegExp(`${lineBreaks.source}|\\]`), 'a section of an INI file')
}
