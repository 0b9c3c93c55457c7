import { createHash } from 'node:crypto'

/**
 * The SHA-256 of text or bytes, as hexadecimal digits.
 *
 * @param length How many digits; all 64 by default. A name of a file needs no more than 16.
 *
 * @example
 * digest('/srv/site.ts', 8)
 */
export function digest(content: string | Buffer, length = 64): string {
  return createHash('sha256').update(content).digest('hex').slice(0, length)
}
