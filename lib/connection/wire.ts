import { HostwrightError } from '../error.ts'
import type { Script } from '../quote.ts'
import type { Reply } from './connection.ts'
import { longestReadScript } from './loop.ts'

/** A script as counted lines; what `read -r` on the host puts together again. */
export function scriptLines(script: Script): { readonly count: number; readonly text: string } {
  refuseNul(script)
  const text = script.text.endsWith('\n') ? script.text : `${script.text}\n`
  return { count: text.split('\n').length - 1, text }
}

/**
 * A request as the bytes the loop reads. Large inputs stay pieces of their own, so that nothing is copied twice. The mark must be one
 * that nobody can guess.
 */
export function encodeRequest(id: number, script: Script, input: Buffer, mark: string): readonly Buffer[] {
  const bytes = Buffer.byteLength(script.text)
  const asFile = bytes > longestReadScript
  const { count, text } = scriptLines(script)
  const header = `${id} ${asFile ? 0 : count} ${asFile ? bytes : 0} ${input.length}\n`
  return [Buffer.from(header + (asFile ? script.text : text)), input, Buffer.from(`${id}\n${mark}\n`)]
}

/** Joins what fits in one write and leaves large pieces alone. */
export function joinSmall(pieces: readonly Buffer[], limit = 65_536): readonly Buffer[] {
  const joined: Buffer[] = []
  let small: Buffer[] = []
  const flush = () => {
    if (small.length > 0) joined.push(Buffer.concat(small))
    small = []
  }
  for (const piece of pieces)
    if (piece.length <= limit) small.push(piece)
    else {
      flush()
      joined.push(piece)
    }
  flush()
  return joined
}

export interface NumberedReply extends Reply {
  readonly id: number
}

const headerPattern = /^(\d+) (\d+) ([01]) ([01])$/
const longestHeader = 100

interface Header {
  readonly id: number
  readonly status: number
  readonly mark: Buffer
  /** The outputs still to come, in their order. */
  readonly awaited: ('stdout' | 'stderr')[]
  readonly read: { stdout: Buffer; stderr: Buffer }
}

/** Cuts a stream of bytes into replies. Bytes are searched once as they come, and joined once, when an output is whole. */
export class ReplyReader {
  readonly #markOf: (id: number) => string | undefined
  /** What has come and was not looked at. */
  #fresh: Buffer[] = []
  /** The beginning of an output, and its last bytes, which may be the beginning of the mark. */
  #begun: Buffer[] = []
  #size = 0
  #tail: Buffer = Buffer.alloc(0)
  #header: Header | undefined

  constructor(markOf: (id: number) => string | undefined) {
    this.#markOf = markOf
  }

  /** The replies that this chunk completes. Throws when the stream is not what the loop writes. */
  push(chunk: Buffer): readonly NumberedReply[] {
    if (chunk.length > 0) this.#fresh.push(chunk)
    const replies: NumberedReply[] = []
    for (let reply = this.#next(); reply !== undefined; reply = this.#next()) replies.push(reply)
    return replies
  }

  #next(): NumberedReply | undefined {
    this.#header ??= this.#readHeader()
    if (this.#header === undefined) return undefined
    const { id, status, mark, awaited, read } = this.#header
    for (let name = awaited[0]; name !== undefined; name = awaited[0]) {
      const output = this.#readUntil(mark)
      if (output === undefined) return undefined
      read[name] = output
      awaited.shift()
    }
    this.#header = undefined
    return { id, status, ...read }
  }

  #readHeader(): Header | undefined {
    if (this.#fresh.length > 1) this.#fresh = [Buffer.concat(this.#fresh)]
    const [bytes] = this.#fresh
    if (bytes === undefined) return undefined
    const end = bytes.subarray(0, longestHeader).indexOf('\n')
    if (end < 0 && bytes.length < longestHeader) return undefined
    const text = bytes.subarray(0, end < 0 ? longestHeader : end).toString('latin1')
    const [, id, status, out, err] = headerPattern.exec(text) ?? []
    const mark = this.#markOf(Number(id))
    if (mark === undefined) throw unexpected(text)
    this.#fresh = end + 1 < bytes.length ? [bytes.subarray(end + 1)] : []
    return {
      id: Number(id),
      status: Number(status),
      mark: Buffer.from(`\n${mark}\n`),
      awaited: [...(out === '1' ? ['stdout' as const] : []), ...(err === '1' ? ['stderr' as const] : [])],
      read: { stdout: Buffer.alloc(0), stderr: Buffer.alloc(0) },
    }
  }

  #readUntil(mark: Buffer): Buffer | undefined {
    for (let chunk = this.#fresh.shift(); chunk !== undefined; chunk = this.#fresh.shift()) {
      const window = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk])
      const found = window.indexOf(mark)
      this.#begun.push(chunk)
      if (found >= 0) return this.#cut(this.#size - this.#tail.length + found, mark.length)
      this.#size += chunk.length
      this.#tail = window.subarray(-(mark.length - 1))
    }
    return undefined
  }

  #cut(end: number, gap: number): Buffer {
    const [first, second] = this.#begun
    const all = first !== undefined && second === undefined ? first : Buffer.concat(this.#begun)
    const rest = all.subarray(end + gap)
    if (rest.length > 0) this.#fresh.unshift(rest)
    this.#begun = []
    this.#size = 0
    this.#tail = Buffer.alloc(0)
    return all.subarray(0, end)
  }
}

function unexpected(text: string): HostwrightError {
  return new HostwrightError(`the shell on the host said something unexpected: ${JSON.stringify(text)}`, {
    kind: 'unreachable',
    next: 'look for a login file on the host that prints or changes the shell',
  })
}

function refuseNul(script: Script): void {
  if (script.text.includes('\0'))
    throw new HostwrightError('a script cannot hold a NUL byte', {
      kind: 'input',
      next: 'send binary data as the input of the script',
    })
}
