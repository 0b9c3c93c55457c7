import { CannotEncode } from '../cannot-encode.ts'
import { lineBreaks, notEmpty, without } from '../letters.ts'

const where = 'a word of haproxy.cfg'

/** One word of haproxy.cfg, quoted where it must be. @see https://docs.haproxy.org/2.6/configuration.html#2.2 */
export function haproxyWord(text: string): string {
  return /^[\w.:/@,=+*-]+$/.test(text) ? text : haproxyString(text)
}

/** The same, quoted always: between single quotes nothing has a meaning. */
export function haproxyString(text: string): string {
  return `'${notEmpty(without(text, lineBreaks, where), where).replaceAll("'", "'\\''")}'`
}

/** The name of a proxy or a server. */
export function haproxyName(text: string): string {
  return notEmpty(without(text, /[^\w.:-]/, 'a name of haproxy.cfg'), 'a name of haproxy.cfg')
}

/** The user and the password of `stats auth`. */
export function haproxyLogin(user: string, password: string): string {
  if (user.includes(':')) throw new CannotEncode('a colon ends the user name in haproxy.cfg')
  return haproxyString(`${notEmpty(user, 'a user of haproxy.cfg')}:${password}`)
}
