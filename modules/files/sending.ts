import type { Content } from '../../lib/host/files/content.ts'
import { hashOf, longestShown } from './content.ts'
import { hashOfFile, type HashName, type SourceFile } from './source-file.ts'

/** Content on its way to a host. */
export type Sending = {
  /** What it is called in a directory that is given as its destination. */
  readonly name?: string | undefined
} & ({ readonly bytes: Buffer } | FromFile)

/** Content of a file of this machine, which is read as far as it is needed. */
export interface FromFile {
  readonly file: SourceFile
  readonly read: (path: string) => Buffer
}

export function sizeOf(sending: Sending): number {
  return 'bytes' in sending ? sending.bytes.length : sending.file.size
}

/** All of it; undefined when it is too long to be shown, and is better sent as a stream. */
export function bytesOf(sending: Sending): Buffer | undefined {
  if ('bytes' in sending) return sending.bytes
  return sending.file.size > longestShown ? undefined : sending.read(sending.file.path)
}

export async function hashOfSending(sending: Sending, algorithm: HashName): Promise<string> {
  return 'bytes' in sending ? hashOf(sending.bytes, algorithm) : hashOfFile(sending.file, algorithm)
}

export function contentOf(sending: Sending): Content {
  return 'bytes' in sending ? { in: 'memory', bytes: sending.bytes } : { in: 'file', path: sending.file.path }
}
