import { isIP } from 'node:net'
import { CannotEncode } from './cannot-encode.ts'
import { notEmpty, without } from './letters.ts'

const where = 'a host name or an address'

/** A host name or an IP address: letters, digits, `.`, `-`, `_` and `:`. These have no other meaning in any format. */
export function address(text: string): string {
  notEmpty(without(text, /[^\w.:-]/, where), where)
  if (text.startsWith('-')) throw new CannotEncode(`${where} cannot begin with "-"`)
  if (text.includes(':') && isIP(text) === 0) throw new CannotEncode(`${where} with colons must be one of IPv6`)
  if (text.length > 253) throw new CannotEncode(`${where} has at most 253 letters`)
  return text
}

/** An IP address, or a network with its prefix. */
export function network(text: string): string {
  const [, ip = '', prefix] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? []
  const most = { 4: 32, 6: 128 }[isIP(ip)]
  if (most === undefined || Number(prefix ?? 0) > most)
    throw new CannotEncode('a network is an IP address, or one with its prefix: 192.0.2.0/24')
  return text
}

/** An address before `:port`. An IPv6 address gets brackets. */
export function urlHost(text: string): string {
  return isIP(address(text)) === 6 ? `[${text}]` : text
}
