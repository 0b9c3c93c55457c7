import { readFileSync } from 'node:fs'
import type { FileContent } from '../../../host/files/files.ts'
import { hashOf, longestShown } from '../content.ts'
import type { HashName } from './hash-thread.ts'
import { hashOfFile, type SourceFile } from './source-file.ts'

/** Content on its way to a host: bytes, or a file of this machine that is read as far as it is needed. */
export type Sending = {
  /** Its name in a directory that is given as its destination. */
  readonly name?: string | undefined
} & (
  | {
      /** The content itself. */
      readonly bytes: Buffer
    }
  | {
      /** The file that holds it. */
      readonly file: SourceFile
    }
)

export function sizeOf(sending: Sending): number {
  return 'bytes' in sending ? sending.bytes.length : sending.file.size
}

/** Too long to be shown, and better sent as a stream. */
export function isLong(sending: Sending): boolean {
  return 'file' in sending && sending.file.size > longestShown
}

/** All of it; undefined when it is long. */
export function bytesOf(sending: Sending): Buffer | undefined {
  if ('bytes' in sending) return sending.bytes
  return isLong(sending) ? undefined : readFileSync(sending.file.path)
}

export async function hashOfSending(sending: Sending, algorithm: HashName): Promise<string> {
  return 'bytes' in sending ? hashOf(sending.bytes, algorithm) : hashOfFile(sending.file, algorithm)
}

export function contentOf(sending: Sending): FileContent {
  return 'bytes' in sending ? { in: 'memory', bytes: sending.bytes } : { in: 'file', path: sending.file.path }
}
