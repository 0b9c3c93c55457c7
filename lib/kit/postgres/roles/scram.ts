import { createHash, createHmac, pbkdf2Sync, randomBytes, timingSafeEqual } from 'node:crypto'
import { holdsUnassigned } from './saslprep-table.ts'

const verifierPattern = /^SCRAM-SHA-256\$(\d+):([A-Za-z0-9+/=]+)\$([A-Za-z0-9+/=]+):([A-Za-z0-9+/=]+)$/
const md5Pattern = /^md5[0-9a-f]{32}$/

/** Is this text what PostgreSQL keeps instead of a password, so that it is stored as it stands? */
export function isVerifier(text: string): boolean {
  return verifierPattern.test(text) || md5Pattern.test(text)
}

/** The SCRAM-SHA-256 verifier of a password (RFC 5803, RFC 7677) as PostgreSQL keeps it: the password cannot be got from it. */
export function scramVerifier(password: string, salt: Buffer, iterations = 4096): string {
  const { storedKey, serverKey } = keys(password, salt, iterations)
  return `SCRAM-SHA-256$${iterations}:${salt.toString('base64')}$${storedKey.toString('base64')}:${serverKey.toString('base64')}`
}

const seed = randomBytes(32)

/** A salt nobody can guess, and the same whenever this run asks for the same: what was predicted is what is written. */
export function saltFor(role: string, password: string): Buffer {
  return createHmac('sha256', seed)
    .update(JSON.stringify([role, password]))
    .digest()
    .subarray(0, 16)
}

/** What servers before version 10 keep. */
export function md5Verifier(password: string, role: string): string {
  return `md5${createHash('md5').update(`${password}${role}`, 'utf8').digest('hex')}`
}

/** Does a role whose kept verifier is this have this password? */
export function matchesPassword(kept: string | null, password: string, role: string): boolean {
  if (kept === null) return password === ''
  if (password === '') return false
  if (isVerifier(password)) return kept === password
  if (md5Pattern.test(kept)) return kept === md5Verifier(password, role)
  const [, iterations, salt = '', storedKey = ''] = verifierPattern.exec(kept) ?? []
  if (iterations === undefined) return kept === password
  const wanted = keys(password, Buffer.from(salt, 'base64'), Number(iterations)).storedKey
  const have = Buffer.from(storedKey, 'base64')
  return have.length === wanted.length && timingSafeEqual(have, wanted)
}

function keys(password: string, salt: Buffer, iterations: number) {
  const salted = pbkdf2Sync(saslprep(password), salt, iterations, 32, 'sha256')
  const hmac = (text: string) => createHmac('sha256', salted).update(text).digest()
  return { storedKey: createHash('sha256').update(hmac('Client Key')).digest(), serverKey: hmac('Server Key') }
}

/** RFC 3454, table C.1.2: spaces that become a plain one. */
const spaces = /[\u00A0\u1680\u2000-\u200B\u202F\u205F\u3000]/gu
/** RFC 3454, table B.1: what is left out. */
const nothing = /\u00AD|\u034F|\u1806|[\u180B-\u180D]|\u200C|\u200D|\u2060|[\uFE00-\uFE0F]|\uFEFF/gu
/** RFC 3454, tables C.2.1, C.2.2, C.3 to C.9, as far as they outlive the mapping: then PostgreSQL takes the password as it stands. */
const prohibited =
  /[\u0000-\u001F\u007F-\u009F\u06DD\u070F\u180E\u2028\u2029\u2061-\u2063\u206A-\u206F\uFFF9-\uFFFD\u{1D173}-\u{1D17A}\u{E000}-\u{F8FF}\u{F0000}-\u{FFFFD}\u{100000}-\u{10FFFD}\u2FF0-\u2FFB\u0340\u0341\u200E\u200F\u202A-\u202E\u{E0001}\u{E0020}-\u{E007F}\uFDD0-\uFDEF]/u

/** Prepares a password as the server and libpq do (RFC 4013): one that the profile forbids is used as it stands. */
export function saslprep(password: string): string {
  if (/^[\x20-\x7E]*$/.test(password)) return password
  const prepared = password.replace(spaces, ' ').replace(nothing, '').normalize('NFKC')
  const refused = prepared === '' || prohibited.test(prepared) || holdsUnassigned(prepared) || mixesDirections(prepared)
  return refused ? password : prepared
}

/** RFC 3454, section 6: text from right to left must begin and end so, and hold nothing from left to right. */
function mixesDirections(text: string): boolean {
  const right = /[\u0590-\u08FF\uFB1D-\uFDFF\uFE70-\uFEFC]/u
  if (!right.test(text)) return false
  const letters = [...text]
  return (
    /\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}/u.test(text) ||
    !right.test(letters[0] ?? '') ||
    !right.test(letters.at(-1) ?? '')
  )
}
