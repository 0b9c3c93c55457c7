import { isIP } from 'node:net'
import { network } from '../address.ts'
import { CannotEncode } from '../cannot-encode.ts'
import { lineBreaks, without } from '../letters.ts'

/** Words that mean something else than a database or role of that name, unless they are quoted. */
const keywords = new Set(['all', 'sameuser', 'samerole', 'samegroup', 'replication'])

/** Does this word mean more than its letters: a keyword, `+group`, `@file` or `/pattern`? */
export function isSpecialWord(text: string): boolean {
  return keywords.has(text) || /^[+@/]/.test(text)
}

/**
 * A word of pg_hba.conf, with its special meaning where it has one.
 *
 * @see https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
 */
export function pgHbaWord(text: string): string {
  if (isPlain(text)) return text
  // The server looks at the first character: with a quote before it, the sign would lose its meaning.
  return isSpecialWord(text) ? `${text.slice(0, 1)}${pgHbaQuoted(text.slice(1))}` : pgHbaQuoted(text)
}

/** A database or a role of exactly this name. */
export function pgHbaName(text: string): string {
  // Since PostgreSQL 16 a quoted word that begins with a slash is a pattern too.
  if (text.startsWith('/'))
    throw new CannotEncode('a name of pg_hba.conf cannot begin with a slash, which means a pattern')
  return isPlain(text) && !isSpecialWord(text) ? text : pgHbaQuoted(text)
}

/** The word in quotes, which take the meaning from a keyword. */
export function pgHbaQuoted(text: string): string {
  return `"${without(text, lineBreaks, 'pg_hba.conf').replaceAll('"', '""')}"`
}

function isPlain(text: string): boolean {
  return text !== '' && !/[\0\s,"#\\]/.test(text) && !/\p{Surrogate}/u.test(text)
}

/** Where connections come from: an address with or without its prefix, a host name, `.domain`, samehost, samenet or all. */
export function pgHbaAddress(text: string): string {
  // The server takes a host name with a slash for no rule at all.
  if (text.includes('/')) return network(text)
  if (isIP(text) !== 0 || hostName.test(text)) return text
  without(text, /[\0\s"#,\\]/, 'an address of pg_hba.conf')
  throw new CannotEncode('an address of pg_hba.conf is an IP address, a network or a host name')
}

/** Its last part begins with a letter: `0`, `0x7f.1` and the like are numbers, behind which the server looks for a mask. */
const hostName = /^\.?(?:[\w-]+\.)*[A-Za-z_][\w-]*\.?$/

/** The mask of an address. With anything but a plain address before it, the server would take it for the method. */
export function pgHbaMask(address: string, mask: string): string {
  if (isIP(mask) === 0) throw new CannotEncode('a mask of pg_hba.conf is an address such as 255.255.255.0')
  if (isIP(address) === 0) throw new CannotEncode('a mask of pg_hba.conf goes with an address without a prefix')
  if (isIP(address) !== isIP(mask)) throw new CannotEncode('a mask of pg_hba.conf is of the same kind as its address')
  return mask
}

/** `name=value` behind the method. */
export function pgHbaOption(name: string, value: string): string {
  if (!/^\w+$/.test(name))
    throw new CannotEncode('the name of an option of pg_hba.conf is letters, digits and underscores')
  return `${name}=${/[\0\s,"#\\]/.test(value) ? pgHbaQuoted(value) : without(value, lineBreaks, 'pg_hba.conf')}`
}

/** What stands behind the `#` of a rule. */
export function pgHbaComment(text: string): string {
  // A backslash at the end would join the next line.
  if (text.endsWith('\\')) throw new CannotEncode('a backslash at the end of a comment would join the next line to it')
  return without(text, lineBreaks, 'a comment of pg_hba.conf')
}
