import { statSync } from 'node:fs'
import { posix } from 'node:path'
import type { FileToWrite } from './content.ts'
import { hostPath } from './host-path.ts'

/** What goes into one request at most: paths that one command takes, and contents that the host's memory holds until they are unpacked. */
const most = { files: 500, paths: 60_000, bytes: 4_000_000 }

/** Longer files are sent by themselves, as streams. */
export const longestInRequest = 1_000_000

export interface WriteBatches {
  /** Files that can be placed many a request, in lists that go into one. */
  readonly batches: readonly (readonly FileToWrite[])[]
  /** Files that want something of their own. */
  readonly single: readonly FileToWrite[]
  readonly long: readonly FileToWrite[]
}

export function batchesOf(files: readonly FileToWrite[]): WriteBatches {
  const batches: FileToWrite[][] = []
  const single: FileToWrite[] = []
  const long: FileToWrite[] = []
  let last = { kind: '', paths: 0, bytes: 0 }
  for (const file of files) {
    const kind = kindOf(file)
    const bytes = sizeOf(file)
    if (kind === undefined || bytes > longestInRequest) {
      const alone = bytes > longestInRequest ? long : single
      alone.push(file)
      continue
    }
    const paths = Buffer.byteLength(file.path)
    const batch = batches.at(-1)
    const fits = kind === last.kind && last.paths + paths <= most.paths && last.bytes + bytes <= most.bytes
    if (batch !== undefined && batch.length < most.files && fits) {
      batch.push(file)
      last = { kind, paths: last.paths + paths, bytes: last.bytes + bytes }
    } else {
      batches.push([file])
      last = { kind, paths, bytes }
    }
  }
  return { batches, single, long }
}

/** Files of a kind can share a request: those that come from this machine or those from the host, below the same home or none. Undefined: from none. */
function kindOf({ path, content, options }: FileToWrite): string | undefined {
  const { validate, backup = false, unsafe = false } = options
  if (validate !== undefined || backup || unsafe) return undefined
  const home = /^~[^/]*/.exec(hostPath(path))?.[0] ?? ''
  if (content.in !== 'host') return `here ${home}`
  return posix.basename(hostPath(path)) === posix.basename(hostPath(content.path)) ? `host ${home}` : undefined
}

/** How much of it goes over the wire. */
function sizeOf({ content }: FileToWrite): number {
  switch (content.in) {
    case 'memory':
      return content.bytes.length
    case 'file':
      return statSync(content.path).size
    case 'host':
      return 0
  }
}
