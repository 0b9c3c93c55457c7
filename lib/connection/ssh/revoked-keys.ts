import { createHash } from 'node:crypto'
import { parsedFile } from '../settings/parsed-file.ts'

/** Why a host key may not be used: it is in a RevokedHostKeys file, or such a file cannot be read, which revokes all keys as with OpenSSH. */
export function revokedBy(files: readonly string[], key: Buffer): string | undefined {
  for (const file of files) {
    const revokes = revokedKeysFile(file)
    if (typeof revokes === 'string') return `${file}, which ${revokes}`
    if (revokes(key)) return file
  }
  return undefined
}

const revokedKeysFile = parsedFile((read): string | ((key: Buffer) => boolean) => {
  if ('error' in read) return `cannot be read (${read.error.code ?? read.error.message})`
  try {
    return revokedKeys(read.bytes)
  } catch {
    return 'is no list of revoked keys'
  }
})

const magic = Buffer.from('SSHKRL\n\0')

/** The keys of a RevokedHostKeys file: public keys, one a line, or a key revocation list as `ssh-keygen -k` writes it. */
export function revokedKeys(bytes: Buffer): (key: Buffer) => boolean {
  if (bytes.subarray(0, magic.length).equals(magic)) return revocationList(bytes)
  const words = new Set(
    bytes
      .toString()
      .split('\n')
      .filter((line) => !/^\s*#/.test(line))
      .flatMap((line) => line.trim().split(/\s+/)),
  )
  return (key) => words.has(key.toString('base64'))
}

const [certificates, explicitKeys, sha1Fingerprints, signature, sha256Fingerprints] = [1, 2, 3, 4, 5]

/** PROTOCOL.krl of OpenSSH. What it says of certificates is of no concern where none is accepted. */
function revocationList(bytes: Buffer): (key: Buffer) => boolean {
  // Behind the magic: the format's version, the list's own, its date, its flags, two texts.
  let at = magic.length + 4 + 8 + 8 + 8
  const number = (length: 1 | 4) => {
    const value = bytes.readUIntBE(at, length)
    at += length
    return value
  }
  const text = () => {
    const length = number(4)
    if (at + length > bytes.length) throw new RangeError('the list is cut off')
    at += length
    return bytes.subarray(at - length, at)
  }
  text()
  text()
  const revoked = new Map<number, Set<string>>()
  while (at < bytes.length) {
    const section = number(1)
    const data = text()
    if (section === certificates || section === signature) continue
    if (![explicitKeys, sha1Fingerprints, sha256Fingerprints].includes(section)) throw new RangeError('unknown section')
    const known = revoked.get(section) ?? new Set()
    for (const one of texts(data)) known.add(one.toString('base64'))
    revoked.set(section, known)
  }
  const has = (section: number | undefined, value: Buffer) =>
    revoked.get(section ?? 0)?.has(value.toString('base64')) === true
  return (key) =>
    has(explicitKeys, key) ||
    has(sha1Fingerprints, createHash('sha1').update(key).digest()) ||
    has(sha256Fingerprints, createHash('sha256').update(key).digest())
}

function texts(data: Buffer): readonly Buffer[] {
  const found: Buffer[] = []
  for (let at = 0; at < data.length;) {
    const end = at + 4 + data.readUInt32BE(at)
    if (end > data.length) throw new RangeError('the list is cut off')
    found.push(data.subarray(at + 4, end))
    at = end
  }
  return found
}
