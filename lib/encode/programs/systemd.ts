import { CannotEncode } from '../cannot-encode.ts'
import { lineBreaks, notPadded, without } from '../letters.ts'

/** Unicode noncharacters. systemd takes them for invalid UTF-8 and ignores the whole setting. */
export const noCharacter = /\p{Noncharacter_Code_Point}/u

/** The whole value of a setting of a unit, such as Description=. @see systemd.syntax(7), systemd.unit(5) SPECIFIERS */
export function systemdValue(text: string): string {
  const where = 'a setting of a unit'
  if (text.endsWith('\\')) throw new CannotEncode(`a backslash at the end joins the next line to ${where}`)
  return notPadded(without(without(text, noCharacter, where), lineBreaks, where), where).replaceAll('%', '%%')
}

/** One word of a list or of Environment=, in quotes where it must be. */
export function systemdWord(text: string): string {
  const where = 'a word of a unit'
  const word = without(without(text, noCharacter, where), /\0/, where).replaceAll('%', '%%')
  if (/^[\w.,:/@+=%-]+$/.test(word)) return word
  return `"${word.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`
}

/** One argument of ExecStart= and the like, where a dollar sign would begin a variable. */
export function systemdArgument(text: string): string {
  return systemdWord(text).replaceAll('$', '$$$$')
}
