import { createHash } from 'node:crypto'
import { hashedHostName, isHashOf, parseHostKey } from '../../known-hosts-line.ts'

/** One usable line of a known_hosts file. */
export interface KnownHost {
  readonly file: string
  readonly line: number
  readonly marker: 'revoked' | 'cert-authority' | undefined
  /** Patterns as written: `a,b`, `[a]:2222`, `*.b`, `!c`, or one hashed name. */
  readonly patterns: readonly string[]
  readonly type: string
  /** The key as in the file, base64. */
  readonly key: string
}

export type Verdict =
  | { readonly is: 'known' }
  | { readonly is: 'unknown'; readonly ignored: readonly string[] }
  | { readonly is: 'changed'; readonly expected: readonly KnownHost[] }
  | { readonly is: 'revoked'; readonly by: KnownHost }

const markers: Readonly<Record<string, KnownHost['marker']>> = {
  '@revoked': 'revoked',
  '@cert-authority': 'cert-authority',
}

/** Reads a known_hosts file's text. Lines that are no entries are left out, as OpenSSH does. */
export function parseKnownHosts(text: string, file: string): readonly KnownHost[] {
  return text.split('\n').flatMap((line, i): readonly KnownHost[] => {
    const entry = parseHostKey(line)
    if (entry === undefined || !/^[A-Za-z0-9+/]+=*$/.test(entry.key)) return []
    const marker = entry.marker === undefined ? undefined : markers[entry.marker]
    if (entry.marker !== undefined && marker === undefined) return []
    // A hashed name stands alone: a comma after it is a part of it.
    const patterns = entry.names[0]?.startsWith('|') === true ? [entry.names.join(',')] : entry.names
    return [{ file, line: i + 1, marker, patterns, type: entry.type, key: entry.key }]
  })
}

/**
 * Finds the entries that speak of one of several names, in the order of the file. Where many hosts are known, most entries are plain names, which are looked up
 * instead of compared.
 */
export function indexKnownHosts(entries: readonly KnownHost[]): (names: readonly string[]) => readonly KnownHost[] {
  const isPlain = ({ patterns }: KnownHost) => patterns.every((pattern) => !/^[!|]|[*?]/.test(pattern))
  const others = entries.filter((entry) => !isPlain(entry))
  const plain = new Map<string, KnownHost[]>()
  for (const entry of entries.filter(isPlain))
    for (const pattern of new Set(entry.patterns.map((name) => name.toLowerCase()))) {
      const same = plain.get(pattern)
      if (same === undefined) plain.set(pattern, [entry])
      else same.push(entry)
    }
  return (names) => {
    const found = new Set(names.flatMap((name) => plain.get(name.toLowerCase()) ?? []))
    for (const entry of others) if (names.some((name) => matchesHost(entry, name))) found.add(entry)
    return [...found].sort((one, other) => one.line - other.line)
  }
}

/** Whether an entry speaks of this name: `host`, or `[host]:port` where the port is not 22. */
export function matchesHost(entry: KnownHost, name: string): boolean {
  const host = name.toLowerCase()
  let matches = false
  for (const pattern of entry.patterns) {
    if (pattern.startsWith('|1|')) return isHashOf(pattern, host)
    const negated = pattern.startsWith('!')
    if (!glob(negated ? pattern.slice(1) : pattern).test(host)) continue
    if (negated) return false
    matches = true
  }
  return matches
}

/** Compares a host's key with the entries for its names. One match is enough: a key may be listed under several names. */
export function verifyHostKey(entries: readonly KnownHost[], names: readonly string[], key: Buffer): Verdict {
  const base64 = key.toString('base64').replace(/=+$/, '')
  const same = (entry: KnownHost) => entry.key.replace(/=+$/, '') === base64
  const speaking = entries.filter((entry) => names.some((name) => matchesHost(entry, name)))
  const revoked = speaking.find((entry) => entry.marker === 'revoked' && same(entry))
  if (revoked !== undefined) return { is: 'revoked', by: revoked }
  const plain = speaking.filter((entry) => entry.marker === undefined)
  if (plain.some(same)) return { is: 'known' }
  const type = keyType(key)
  const expected = plain.filter((entry) => entry.type === type)
  // Keys of other types only: OpenSSH calls that changed as well, since it asked for the types it knew.
  if (plain.length > 0) return { is: 'changed', expected: expected.length > 0 ? expected : plain }
  const authorities = speaking.filter((entry) => entry.marker === 'cert-authority')
  return {
    is: 'unknown',
    ignored: authorities.map(
      ({ file, line }) =>
        `${file}:${line} names a certificate authority, and host certificates are verified by ansible_connection=openssh only`,
    ),
  }
}

const keyAlgorithms: Readonly<Record<string, readonly string[]>> = {
  'ssh-rsa': ['rsa-sha2-512', 'rsa-sha2-256'],
}
const preferred = [
  'ssh-ed25519',
  'ecdsa-sha2-nistp256',
  'ecdsa-sha2-nistp384',
  'ecdsa-sha2-nistp521',
  'rsa-sha2-512',
  'rsa-sha2-256',
]

/** Host key algorithms with those first whose keys are known: a host known by its RSA key must not look changed for showing another. */
export function hostKeyOrder(entries: readonly KnownHost[], names: readonly string[]): readonly string[] {
  const types = entries.filter((e) => e.marker === undefined && names.some((n) => matchesHost(e, n))).map((e) => e.type)
  const known = new Set(types.flatMap((type) => keyAlgorithms[type] ?? [type]))
  return [...preferred.filter((name) => known.has(name)), ...preferred.filter((name) => !known.has(name))]
}

/** As `ssh-keygen -l` shows it. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`
}

/** The type that is written at the start of every public key. */
export function keyType(key: Buffer): string {
  return key.length < 4 ? '' : key.subarray(4, 4 + key.readUInt32BE(0)).toString('latin1')
}

/** The line for a key under this name, hashed if the user's files are. */
export function knownHostLine(name: string, key: Buffer, salt?: Buffer): string {
  const shown = salt === undefined ? name : hashedHostName(name, salt.toString('base64'))
  return `${shown} ${keyType(key)} ${key.toString('base64')}\n`
}

function glob(pattern: string): RegExp {
  const source = pattern
    .toLowerCase()
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 's')
}
