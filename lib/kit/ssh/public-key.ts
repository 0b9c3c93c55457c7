import { createHash } from 'node:crypto'

/** The public half of a key pair. */
export interface PublicKey {
  /** `rsa`, `ed25519`, `ecdsa` … */
  readonly type: string
  /** Its length in bits. */
  readonly size: number
  /** As OpenSSH shows it: `SHA256:…`. */
  readonly fingerprint: string
  /** Type and key, without the comment. */
  readonly text: string
  /** The comment; empty when there is none. */
  readonly comment: string
}

const kinds: Readonly<Record<string, string>> = {
  'ssh-rsa': 'rsa',
  'ssh-dss': 'dsa',
  'ssh-ed25519': 'ed25519',
  'ecdsa-sha2-nistp256': 'ecdsa',
  'ecdsa-sha2-nistp384': 'ecdsa',
  'ecdsa-sha2-nistp521': 'ecdsa',
}

/** A line of a `.pub` file; undefined when it is none. */
export function parsePublicKey(line: string): PublicKey | undefined {
  const [, algorithm = '', data = '', comment = ''] = /^(\S+) ([A-Za-z0-9+/]+=*)(?: (.*))?$/m.exec(line.trim()) ?? []
  const type = kinds[algorithm]
  if (type === undefined) return undefined
  const blob = Buffer.from(data, 'base64')
  return {
    type,
    size: sizeOf(algorithm, type, blob),
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    text: `${algorithm} ${data}`,
    comment,
  }
}

/** RFC 4253: the blob is a row of length-prefixed fields; an RSA key's are its name, its exponent and its modulus. */
function sizeOf(algorithm: string, type: string, blob: Buffer): number {
  if (type === 'ed25519') return 256
  if (type === 'ecdsa') return Number(algorithm.slice(-3))
  const fields = fieldsOf(blob)
  const number = fields[type === 'rsa' ? 2 : 1] ?? Buffer.alloc(0)
  const first = number.findIndex((byte) => byte !== 0)
  if (first < 0) return 0
  return (number.length - first - 1) * 8 + (32 - Math.clz32(number[first] ?? 0))
}

function fieldsOf(blob: Buffer): readonly Buffer[] {
  const fields: Buffer[] = []
  for (let at = 0; at + 4 <= blob.length;) {
    const length = blob.readUInt32BE(at)
    fields.push(blob.subarray(at + 4, at + 4 + length))
    at += 4 + length
  }
  return fields
}
