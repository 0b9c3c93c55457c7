const kinds = ['sk-ssh-ed25519@openssh.com', 'sk-ecdsa-sha2-nistp256@openssh.com']

/** Whether the text of a key's file, private or public, belongs to a FIDO token, which has to sign itself. */
export function isTokenKey(text: Buffer): boolean {
  const lines = text.toString('latin1')
  if (!lines.includes('-----BEGIN OPENSSH PRIVATE KEY')) return kinds.some((kind) => lines.startsWith(kind))
  const bytes = Buffer.from(lines.replace(/-----[^-]*-----|\s/g, ''), 'base64')
  return kinds.some((kind) => bytes.includes(kind))
}
