import { createRequire } from 'node:module'
import { HostwrightError } from '../../error.ts'
import type { SshTarget } from '../settings/ssh-target.ts'

type Kind = 'cipher' | 'compress' | 'hmac' | 'kex' | 'serverHostKey'

interface Known {
  readonly [name: string]: readonly string[]
}

// ssh2 refuses a list with a name it does not know, and tells its own names nowhere else.
const known = createRequire(import.meta.url)('ssh2/lib/protocol/constants.js') as Known

const names: Readonly<Record<Exclude<Kind, 'compress'>, string>> = {
  cipher: 'CIPHER',
  hmac: 'MAC',
  kex: 'KEX',
  serverHostKey: 'SERVER_HOST_KEY',
}

/** The lists for ssh2, without SHA-1 and compression unless they are asked for: what Ciphers, MACs, KexAlgorithms and HostKeyAlgorithms say, as far as ssh2 has them. */
export function algorithms(
  target: SshTarget,
  hostKeyOrder: readonly string[],
): Partial<Record<Kind, readonly string[]>> {
  const { ciphers, macs, kexAlgorithms, hostKeyAlgorithms, compression } = target.options
  const strongMacs = (known['DEFAULT_MAC'] ?? []).filter((name) => !name.includes('sha1'))
  const supported = known['SUPPORTED_SERVER_HOST_KEY'] ?? []
  const order = hostKeyOrder.filter((name) => supported.includes(name))
  return {
    serverHostKey: hostKeyAlgorithms === undefined ? order : wanted('serverHostKey', hostKeyAlgorithms, order, target),
    ...(ciphers === undefined ? {} : { cipher: wanted('cipher', ciphers, undefined, target) }),
    hmac: macs === undefined ? strongMacs : wanted('hmac', macs, strongMacs, target),
    compress: compression === true ? ['zlib@openssh.com', 'none'] : ['none'],
    ...(kexAlgorithms === undefined ? {} : { kex: wanted('kex', kexAlgorithms, undefined, target) }),
  }
}

const signatures = [
  'ssh-ed25519',
  ...['256', '384', '521'].map((size) => `ecdsa-sha2-nistp${size}`),
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** What may be signed with at a login: PubkeyAcceptedAlgorithms. */
export function signatureAlgorithms({ options: { pubkeyAcceptedAlgorithms: said } }: SshTarget): readonly string[] {
  return said === undefined ? signatures : resolved(said, signatures, [...signatures, 'ssh-rsa'])
}

/** OpenSSH's lists: names and wildcards, the whole of it appended (`+`), removed (`-`) or put first (`^`). */
function wanted(
  kind: Exclude<Kind, 'compress'>,
  said: string,
  or: readonly string[] | undefined,
  target: SshTarget,
): readonly string[] {
  const defaults = or ?? known[`DEFAULT_${names[kind]}`] ?? []
  const supported = known[`SUPPORTED_${names[kind]}`] ?? []
  const list = resolved(said, defaults, supported)
  if (list.length > 0) return list
  throw new HostwrightError(`none of the ssh algorithms ${said} is supported`, {
    kind: 'input',
    host: target.name,
    next: `name one of ${supported.join(', ')}, or let the system’s own ssh connect (ansible_connection=openssh)`,
  })
}

function resolved(said: string, defaults: readonly string[], supported: readonly string[]): readonly string[] {
  const sign = /^[+^-]/.exec(said)?.[0]
  const patterns = said.replace(/^[+^-]/, '').split(',')
  const matches = (name: string) => patterns.some((pattern) => glob(pattern).test(name))
  const listed = [...new Set(patterns.flatMap((pattern) => supported.filter((name) => glob(pattern).test(name))))]
  const others = defaults.filter((name) => !matches(name))
  return { '+': [...new Set([...defaults, ...listed])], '-': others, '^': [...listed, ...others] }[sign ?? ''] ?? listed
}

function glob(pattern: string): RegExp {
  return new RegExp(
    `^${pattern
      .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  )
}
