import { CannotEncode } from '../cannot-encode.ts'
import { lineBreaks, without } from '../letters.ts'
import { noCharacter } from './systemd.ts'

/**
 * The value of a variable in a file that systemd (EnvironmentFile=) or a shell reads: as it is, or in double quotes.
 *
 * @see systemd.exec(5)
 */
export function environmentValue(text: string): string {
  if (/^[\w.,:/=@%+-]*$/.test(text)) return text
  const where = 'an environment file'
  return `"${without(without(text, noCharacter, where), lineBreaks, where).replace(/["\\$`]/g, '\\$&')}"`
}

/** `NAME=value` on one line. */
export function environmentLine(name: string, value: string): string {
  if (!/^[A-Za-z_]\w*$/.test(name)) throw new CannotEncode('a variable has a name of letters, digits and underscores')
  return `${name}=${environmentValue(value)}`
}
