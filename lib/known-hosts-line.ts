import { createHmac } from 'node:crypto'

/** A line of known_hosts that names hosts and their key. @see sshd(8), SSH_KNOWN_HOSTS FILE FORMAT */
export interface HostKey {
  /** `@cert-authority` or `@revoked`. */
  readonly marker: string | undefined
  /** The names and patterns of the hosts that have the key. */
  readonly names: readonly string[]
  /** `ssh-ed25519`, `ssh-rsa` … */
  readonly type: string
  /** The key itself, in base64. */
  readonly key: string
  /** The comment behind the key. */
  readonly comment: string
}

/** Reads a line; undefined if it is no entry. */
export function parseHostKey(line: string): HostKey | undefined {
  const found =
    /^[ \t]*(?:(@[^ \t]+)[ \t]+)?([^#@ \t][^ \t]*)[ \t]+([^ \t]+)[ \t]+([^ \t\r]+)(?:[ \t]+(.*?))?[ \t\r]*$/.exec(line)
  if (found === null) return undefined
  const [, marker, names = '', type = '', key = '', comment = ''] = found
  return { marker, names: names.split(','), type, key, comment }
}

/** A name nobody can read from the file, as ssh-keygen -H makes it. @param salt - in base64 */
export function hashedHostName(name: string, salt: string): string {
  const hash = createHmac('sha1', Buffer.from(salt, 'base64')).update(name.toLowerCase()).digest('base64')
  return `|1|${salt}|${hash}`
}

/** Is this entry of a list of names the hash of the name? */
export function isHashOf(entry: string, name: string): boolean {
  const salt = /^\|1\|([^|]+)\|[^|]+$/.exec(entry)?.[1]
  return salt !== undefined && hashedHostName(name, salt) === entry
}
