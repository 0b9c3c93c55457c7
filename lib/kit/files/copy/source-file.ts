import { createHash } from 'node:crypto'
import { closeSync, openSync, readSync, statSync } from 'node:fs'
import { formatMode } from '../../../host/files/mode.ts'
import { hashInThread, type HashName } from './hash-thread.ts'

/** A file of this machine that is to be copied, as it is now. */
export interface SourceFile {
  /** Its path on this machine. */
  readonly path: string
  /** Its length in bytes. */
  readonly size: number
  /** Its permission bits, as a mode parameter takes them. */
  readonly mode: string
  /** Changes when the file does. */
  readonly version: string
}

/** Looks at a file of this machine. Throws Node's error when there is none. */
export function sourceFile(path: string): SourceFile {
  const { ino, size, mtimeMs, ctimeMs, mode } = statSync(path)
  return { path, size, mode: formatMode(mode), version: [ino, size, mtimeMs, ctimeMs].join(' ') }
}

/** Its hash in hexadecimal, computed once however many hosts it goes to, and piece by piece: it may be longer than the memory. */
export const hashOfFile = oncePerVersion(async (file, algorithm): Promise<string> =>
  file.size > longestNow ? hashInThread(file.path, algorithm) : hashOfFileNow(file, algorithm),
)

/** What takes some milliseconds. */
const longestNow = 8_000_000
const pieceLength = 1 << 20

/** The same, synchronously: for checks before any host is touched. */
export const hashOfFileNow = oncePerVersion(({ path, size }, algorithm): string => {
  const hash = createHash(algorithm)
  const piece = Buffer.allocUnsafe(Math.min(size + 1, pieceLength))
  const descriptor = openSync(path, 'r')
  try {
    for (let length = -1; length !== 0;) {
      length = readSync(descriptor, piece)
      hash.update(piece.subarray(0, length))
    }
  } finally {
    closeSync(descriptor)
  }
  return hash.digest('hex')
})

function oncePerVersion<T>(
  compute: (file: SourceFile, algorithm: HashName) => T,
): (file: SourceFile, algorithm: HashName) => T {
  const known = new Map<string, { readonly version: string; readonly hash: T }>()
  return (file, algorithm) => {
    const key = `${algorithm} ${file.path}`
    const before = known.get(key)
    if (before?.version === file.version) return before.hash
    const hash = compute(file, algorithm)
    known.set(key, { version: file.version, hash })
    return hash
  }
}
