import { createHash } from 'node:crypto'
import type { Diff } from '../../play/module.ts'

/** Longer files are shown by their size and checksum. */
export const longestShown = 1_000_000

/** A file before and after, as text where it is text, and by size and checksum where it is not or is long. */
export function contentDiff(path: string, before: Buffer | undefined, after: Buffer | undefined): Diff {
  const texts = [textOf(before), textOf(after)] as const
  if (texts[0] !== undefined && texts[1] !== undefined) return { of: path, before: texts[0], after: texts[1] }
  return { of: path, before: summary(before), after: summary(after) }
}

/** The bytes as text: UTF-8, or a byte a character where they are not; undefined when they are no text. */
function textOf(bytes: Buffer | undefined): string | undefined {
  if (bytes === undefined) return ''
  if (bytes.length > longestShown || bytes.includes(0)) return undefined
  return isUtf8(bytes) ? bytes.toString() : bytes.toString('latin1')
}

export function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString()).equals(bytes)
}

function summary(bytes: Buffer | undefined) {
  return bytes === undefined ? { state: 'absent' } : { size: bytes.length, sha256: hashOf(bytes, 'sha256') }
}

export function hashOf(bytes: Buffer, algorithm: 'sha1' | 'sha256'): string {
  return createHash(algorithm).update(bytes).digest('hex')
}
