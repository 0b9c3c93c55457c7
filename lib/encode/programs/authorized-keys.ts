import { CannotEncode } from '../cannot-encode.ts'
import { lineBreaks, notPadded, without } from '../letters.ts'

const where = 'an option of authorized_keys'
/** sshd knows one escape between quotes: a backslash before a quote. */
const option = /^[A-Za-z0-9@.-]+(?:="(?:[^"\\]|\\"|\\(?!"))*")?$/
const pieces = /(?:"(?:[^"\\]|\\"|\\(?!"))*"|[^,"])+|[\s\S]/g

/** `command="…"`: an option with its value, whatever that holds. @see sshd(8), AUTHORIZED_KEYS FILE FORMAT */
export function authorizedKeyOption(name: string, value: string): string {
  without(name, /[^A-Za-z0-9-]/, `the name of ${where}`)
  if (value.endsWith('\\') || value.includes('\\"'))
    throw new CannotEncode(`a backslash before a quote cannot be written in ${where}`)
  return `${name}="${without(value, lineBreaks, where).replaceAll('"', '\\"')}"`
}

/** `a,b="c,d"` → `a`, `b="c,d"`. */
export function splitKeyOptions(text: string): readonly string[] {
  return (text.match(pieces) ?? []).filter((piece) => piece !== ',')
}

/** The options of a key as they are written, when sshd reads them as options and nothing else. */
export function authorizedKeyOptions(text: string): string {
  without(text, lineBreaks, where)
  const odd = splitKeyOptions(text).find((piece) => !option.test(piece))
  if (odd === undefined) return text
  if (/^[^"]*\s/.test(odd)) throw new CannotEncode(`a blank outside of quotes ends the options of a key`)
  throw new CannotEncode(`${where} is a name, or a name and its value in double quotes: from="192.0.2.0/24"`)
}

/** Checks a whole line of a key that the user gave. */
export function keyLine(text: string): string {
  return without(text, lineBreaks, 'the line of a key')
}

/** The comment behind the key. */
export function keyComment(text: string): string {
  return notPadded(without(text, lineBreaks, 'the comment of a key'), 'the comment of a key')
}
