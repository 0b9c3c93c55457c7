import { CannotEncode } from '../cannot-encode.ts'
import { notEmpty, without } from '../letters.ts'

/** A word of chrony.conf, which knows no quotes. @see chrony.conf(5) */
export function chronyWord(text: string): string {
  const where = 'a word of chrony.conf'
  notEmpty(without(text, /[\0-\x20\x7f\s]/, where), where)
  if (/^[-!;#%]/.test(text)) throw new CannotEncode(`${where} cannot begin with "${text.slice(0, 1)}"`)
  return text
}
