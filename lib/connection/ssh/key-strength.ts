import type { ParsedKey } from 'ssh2'
import type { SshTarget } from '../settings/ssh-target.ts'

/** The bits that an RSA key must have. RequiredRSASize can only raise OpenSSH's own limit. */
export function leastRsaSize({ options }: SshTarget): number {
  return Math.max(1024, options.requiredRsaSize ?? 0)
}

/** Whether one of these signature algorithms is this key's. */
export function signsWith({ type }: Pick<ParsedKey, 'type'>, accepted: readonly string[]): boolean {
  return type === 'ssh-rsa'
    ? accepted.some((name) => name === type || name.startsWith('rsa-sha2-'))
    : accepted.includes(type)
}

/** Whether a key is not an RSA key that is too short. */
export function isLongEnough(key: Pick<ParsedKey, 'getPublicSSH'>, target: SshTarget): boolean {
  const bits = rsaSize(key.getPublicSSH())
  return bits === undefined || bits >= leastRsaSize(target)
}

/** The bits of an RSA key: those of its last number. */
export function rsaSize(key: Buffer): number | undefined {
  const parts: Buffer[] = []
  for (let at = 0; at + 4 <= key.length;) {
    const end = at + 4 + key.readUInt32BE(at)
    parts.push(key.subarray(at + 4, end))
    at = end
  }
  const [type, , modulus] = parts
  if (type?.toString() !== 'ssh-rsa' || modulus === undefined) return undefined
  return modulus.length === 0 ? 0 : BigInt(`0x${modulus.toString('hex')}`).toString(2).length
}
