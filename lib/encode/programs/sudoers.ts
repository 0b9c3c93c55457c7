import { CannotEncode } from '../cannot-encode.ts'
import { notEmpty, without } from '../letters.ts'

/**
 * The name of a user, a host or a group without its sign. A name that begins with a capital could be that of an alias, or a word like `Defaults`; behind a
 * backslash it is neither. @see sudoers(5)
 */
export function sudoersName(text: string): string {
  const where = 'a name of sudoers'
  without(text, /[^\w.@$-]/, where)
  if (text === 'ALL' || !/^[A-Za-z_]/.test(text))
    throw new CannotEncode(`${where} begins with a letter or an underscore, and cannot be ALL`)
  return text.replace(/^(?=[A-Z])/, '\\').replaceAll('@', '\\@')
}

/** One word of a command: its path or an argument, with no wildcard in it. */
export function sudoersWord(text: string): string {
  const where = 'a command of sudoers'
  return notEmpty(without(text, /[^!-~]|["\\]/, where), where).replace(/[,:=#*?[\]!^]/g, '\\$&')
}
