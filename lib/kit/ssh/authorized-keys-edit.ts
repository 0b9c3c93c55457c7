import { splitKeyOptions } from '../../encode/programs/authorized-keys.ts'
import { bytesOf, linesOf, type Line } from '../text/lines.ts'
import { withLast } from './known-hosts-edit.ts'

/** A line of authorized_keys. @see sshd(8), AUTHORIZED_KEYS FILE FORMAT */
export interface AuthorizedKey {
  /** `restrict`, `from="10.0.0.0/8"`, …; in the order they are written. */
  readonly options: readonly string[]
  /** `ssh-ed25519`, `ssh-rsa` … */
  readonly type: string
  /** The key itself, in base64. */
  readonly key: string
  /** The comment; empty when there is none. */
  readonly comment: string
}

// Only blanks and tabs separate fields. The text is one character a byte, and some bytes of a letter look like Unicode white space.
const keyPattern = /^((?:sk-)?(?:ssh|ecdsa)-[\w@.-]+)[ \t]+([A-Za-z0-9+/]+={0,3})(?:[ \t]+(.*))?$/

/** Reads a line, given as bytes; undefined for comments, empty lines and lines that sshd ignores. */
export function parseAuthorizedKey(line: string): AuthorizedKey | undefined {
  const text = withoutBlanks(line)
  if (text === '' || text.startsWith('#')) return undefined
  const plain = keyPattern.exec(text)
  const options = plain === null ? (/^(?:"(?:[^"\\]|\\"|\\(?!"))*"|[^ \t"])+/.exec(text)?.[0] ?? '') : ''
  const found = plain ?? keyPattern.exec(withoutBlanks(text.slice(options.length)))
  if (found === null) return undefined
  const [, type = '', key = '', comment = ''] = found
  return { options: splitKeyOptions(options), type, key, comment }
}

/** The line without white space at its ends. */
export function withoutBlanks(line: string): string {
  return line.replace(/^[ \t\r]+|[ \t\r]+$/g, '')
}

/** The key says its type inside too; a key that was cut or pasted wrongly does not. */
export function isWhole({ type, key }: AuthorizedKey): boolean {
  const bytes = Buffer.from(key, 'base64')
  const length = bytes.length >= 4 ? bytes.readUInt32BE(0) : -1
  return length > 0 && bytes.length > 4 + length && bytes.toString('latin1', 4, 4 + length) === type
}

export function showAuthorizedKey({ options, type, key, comment }: AuthorizedKey): string {
  return [options.join(','), type, key, comment].filter((part) => part !== '').join(' ')
}

/** The file with these keys in it, and with `exclusive` with no others. Lines that are right stay as they are written. */
export function withKeys(content: Buffer, wanted: readonly AuthorizedKey[], exclusive: boolean): Buffer {
  const lines = linesOf(content)
  const placed = new Set<AuthorizedKey>()
  const kept = lines.flatMap((line): readonly Line[] => {
    const found = parseAuthorizedKey(line.text)
    if (found === undefined) return [line]
    const key = wanted.find((one) => isSame(one, found))
    if (key === undefined) return exclusive ? [] : [line]
    if (placed.has(key)) return []
    placed.add(key)
    const comment = key.comment === '' ? found.comment : key.comment
    return isRight(found, key, comment) ? [line] : [{ ...line, text: showAuthorizedKey({ ...key, comment }) }]
  })
  const missing = wanted.filter((key) => !placed.has(key)).map(showAuthorizedKey)
  return missing.reduce((file, text) => withLast(linesOf(file), text), bytesOf(kept))
}

/** The file without these keys, whatever their options are. */
export function withoutKeys(content: Buffer, unwanted: readonly AuthorizedKey[]): Buffer {
  const kept = linesOf(content).filter((line) => {
    const found = parseAuthorizedKey(line.text)
    return found === undefined || !unwanted.some((one) => isSame(one, found))
  })
  return bytesOf(kept)
}

function isSame(one: AuthorizedKey, other: AuthorizedKey): boolean {
  return one.type === other.type && one.key === other.key
}

function isRight(found: AuthorizedKey, wanted: AuthorizedKey, comment: string): boolean {
  const [is, wants] = [found, wanted].map(({ options }) => [...options].sort().join(','))
  return is === wants && found.comment === comment
}
