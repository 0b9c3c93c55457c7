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

/** A request as the bytes the loop reads. Large inputs stay pieces of their own, so that nothing is copied twice. */
export function encodeRequest(id: number, script: Script, input: Buffer): readonly Buffer[] {
  const bytes = Buffer.byteLength(script.text)
  const asFile = bytes > longestReadScript
  const { count, text } = scriptLines(script)
  const header = `${id} ${asFile ? 0 : count} ${asFile ? bytes : 0} ${input.length}\n`
  return [Buffer.from(header + (asFile ? script.text : text)), input, Buffer.from(`${id}\n`)]
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

const headerPattern = /^(\d+) (\d+) (\d+) (\d+)$/
const longestHeader = 200

/** Cuts a stream of bytes into replies. Chunks are kept as they come and joined once, when a reply is whole. */
export class ReplyReader {
  #chunks: Buffer[] = []
  #size = 0
  #header: { id: number; status: number; out: number; err: number } | undefined

  /** The replies that this chunk completes. Throws when the stream is not what the loop writes. */
  push(chunk: Buffer): readonly NumberedReply[] {
    this.#chunks.push(chunk)
    this.#size += chunk.length
    const replies: NumberedReply[] = []
    for (let reply = this.#next(); reply !== undefined; reply = this.#next()) replies.push(reply)
    return replies
  }

  #next(): NumberedReply | undefined {
    this.#header ??= this.#readHeader()
    if (this.#header === undefined || this.#size < this.#header.out + this.#header.err) return undefined
    const { id, status, out, err } = this.#header
    this.#header = undefined
    return { id, status, stdout: this.#take(out), stderr: this.#take(err) }
  }

  #readHeader() {
    if (this.#size === 0) return undefined
    const bytes = this.#join()
    const end = bytes.subarray(0, longestHeader).indexOf('\n')
    if (end < 0 && bytes.length < longestHeader) return undefined
    const text = bytes.subarray(0, end < 0 ? longestHeader : end).toString('latin1')
    const found = headerPattern.exec(text)
    if (found === null)
      throw new HostwrightError(`the shell on the host said something unexpected: ${JSON.stringify(text)}`, {
        kind: 'unreachable',
        next: 'look for a login file on the host that prints or changes the shell',
      })
    this.#take(end + 1)
    const [id, status, out, err] = found.slice(1).map(Number)
    return { id: id ?? 0, status: status ?? 0, out: out ?? 0, err: err ?? 0 }
  }

  #join(): Buffer {
    const [first, second] = this.#chunks
    if (first !== undefined && second === undefined) return first
    const all = Buffer.concat(this.#chunks)
    this.#chunks = [all]
    return all
  }

  #take(length: number): Buffer {
    const all = this.#join()
    const rest = all.subarray(length)
    this.#chunks = rest.length > 0 ? [rest] : []
    this.#size = rest.length
    return all.subarray(0, length)
  }
}

function refuseNul(script: Script): void {
  if (script.text.includes('\0'))
    throw new HostwrightError('a script cannot hold a NUL byte', {
      kind: 'input',
      next: 'send binary data as the input of the script',
    })
}
