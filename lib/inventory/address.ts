import { isIPv6 } from 'node:net'

export interface Address {
  readonly host: string
  readonly port?: number
}

const range = '\\[(?:[a-z]:[a-z]|[0-9]+:[0-9]+)(?::[0-9]+)?\\]'
const label = `(?:[\\p{L}\\p{N}_]|${range})(?:[\\p{L}\\p{N}_-]|${range})*(?<![_-])`
const hostname = new RegExp(`^${label}(?:\\.${label})*$`, 'iu')
/** Most names, told without the classes of all letters, which take longer to make than a short inventory to read. */
const plainName = /^[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9_-]*[a-z0-9])?)*$/i
const hexRange = /(?<=^|:)\[[0-9a-f]+:[0-9a-f]+(?::[0-9]+)?\](?=:|$)/gi
const bracketedWithPort = /^\[(.+)\]:([0-9]+)$/
const withPort = /^((?:[^:[\]]|\[[^\]]*\])*):([0-9]+)$/

/**
 * A host name or address with an optional port; ranges such as `[1:9]` may stand in it. Undefined for anything else.
 *
 * @example
 * parseAddress('web[1:3]:2222')   // { host: 'web[1:3]', port: 2222 }
 * parseAddress('[2001:db8::1]:22') // { host: '2001:db8::1', port: 22 }
 */
export function parseAddress(text: string): Address | undefined {
  let host = text
  let port: number | undefined
  for (const pattern of [bracketedWithPort, withPort]) {
    const found = pattern.exec(host)
    if (found === null) continue
    host = found[1] ?? ''
    port = Number(found[2])
  }
  if (!plainName.test(host) && !hostname.test(host) && !isAddress6(host)) return undefined
  return port === undefined ? { host } : { host, port }
}

function isAddress6(text: string): boolean {
  return !text.includes('%') && isIPv6(text.replaceAll(hexRange, '0'))
}
