import { statSync } from 'node:fs'
import { posix } from 'node:path'
import type { FileToWrite } from '../files.ts'
import { hostPath } from '../host-path.ts'

/** How much is placed together at most: paths that one command takes, and contents that the disk has room for beside what they replace. */
const most = { files: 500, paths: 60_000, bytes: 64_000_000 }

/** Longer files are sent by themselves, as streams. */
export const longestInRequest = 1_000_000

/** Files that can be placed together. */
export interface Batch {
  readonly files: readonly FileToWrite[]
  /** How much of them goes over the wire. */
  readonly bytes: number
}

export interface WriteBatches {
  readonly batches: readonly Batch[]
  /** Files that want something of their own. */
  readonly single: readonly FileToWrite[]
  readonly long: readonly FileToWrite[]
}

export function batchesOf(files: readonly FileToWrite[]): WriteBatches {
  const batches: Filling[] = []
  const single: FileToWrite[] = []
  const long: FileToWrite[] = []
  for (const file of files) {
    const kind = kindOf(file)
    const [bytes, paths] = [sizeOf(file), Buffer.byteLength(file.path)]
    const last = batches.at(-1)
    if (bytes > longestInRequest) long.push(file)
    else if (kind === undefined) single.push(file)
    else if (last === undefined || !fits(last, kind, bytes, paths)) batches.push({ files: [file], kind, bytes, paths })
    else {
      last.files.push(file)
      last.bytes += bytes
      last.paths += paths
    }
  }
  return { batches, single, long }
}

interface Filling extends Batch {
  readonly files: FileToWrite[]
  readonly kind: string
  bytes: number
  paths: number
}

function fits(batch: Filling, kind: string, bytes: number, paths: number): boolean {
  const { files } = batch
  return (
    kind === batch.kind &&
    files.length < most.files &&
    batch.paths + paths <= most.paths &&
    batch.bytes + bytes <= most.bytes
  )
}

/** Files of a kind can share a request: those that come from this machine or those from the host, below the same home or none. Undefined: from none. */
function kindOf({ path, content, options }: FileToWrite): string | undefined {
  const { validate, backup = false, unsafe = false, expected } = options
  if (validate !== undefined || expected !== undefined || backup || unsafe) return undefined
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
