import { isIP } from 'node:net'
import { CannotEncode } from '../cannot-encode.ts'
import { lineBreaks, without } from '../letters.ts'

/** A string of named.conf, in its quotes. BIND keeps a backslash in all places but before a quote. */
export function namedString(text: string): string {
  const found = without(text, new RegExp(`${lineBreaks.source}|\\\\`), 'a string of named.conf')
  return `"${found.replaceAll('"', '\\"')}"`
}

/** An address, a network, or (for forwarders) an address with a port. */
export function namedAddress(text: string): string {
  const [, address = '', prefix] = /^([^\s/]+)(\/\d{1,3}| port \d{1,5})?$/.exec(text) ?? []
  const bits = { 0: -1, 4: 32, 6: 128 }[isIP(address)] ?? -1
  if (bits < 0 || address.includes('%') || (prefix?.startsWith('/') === true && Number(prefix.slice(1)) > bits))
    throw new CannotEncode(
      'an address of named.conf is an IP address, a network, or an address and "port" with its number',
    )
  return text
}
