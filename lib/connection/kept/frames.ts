import type { Writable } from 'node:stream'

/** Pieces of a program's streams, which may come in parts. */
export const streams = { stdin: 0, stdout: 1, stderr: 2 } as const
/** The end of its input, how it ended, or why it could not be started. */
export const words = { eof: 3, ended: 4, refused: 5 } as const

const headLength = 5
/** Texts are short; a longer one is cut off. */
const longestWord = 65_536

/** Sends a frame; says, as `write` does, whether more should be sent now. */
export function sendFrame(to: Writable, kind: number, bytes: Buffer): boolean {
  const head = Buffer.alloc(headLength)
  head.writeUInt8(kind, 0)
  head.writeUInt32BE(bytes.length, 1)
  to.cork()
  to.write(head)
  const more = to.write(bytes)
  to.uncork()
  return more
}

export interface FrameReader {
  /** A piece of a stream; a frame may come in several. */
  piece(kind: number, bytes: Buffer): void
  /** Anything else, whole. */
  word(kind: number, text: string): void
}

/** Takes a stream of frames apart that comes in pieces of any length. */
export class Frames {
  readonly #reader: FrameReader
  #head = Buffer.alloc(0)
  #word = Buffer.alloc(0)
  #kind = 0
  #left = 0

  constructor(reader: FrameReader) {
    this.#reader = reader
  }

  push(chunk: Buffer): void {
    let rest = chunk
    while (rest.length > 0) rest = this.#left > 0 ? this.#body(rest) : this.#begin(rest)
  }

  #begin(rest: Buffer): Buffer {
    const wanted = headLength - this.#head.length
    this.#head = Buffer.concat([this.#head, rest.subarray(0, wanted)])
    if (this.#head.length === headLength) {
      this.#kind = this.#head.readUInt8(0)
      this.#left = this.#head.readUInt32BE(1)
      this.#head = Buffer.alloc(0)
      if (this.#left === 0) this.#end()
    }
    return rest.subarray(wanted)
  }

  #body(rest: Buffer): Buffer {
    const part = rest.subarray(0, this.#left)
    this.#left -= part.length
    if (this.#kind <= streams.stderr) this.#reader.piece(this.#kind, part)
    else if (this.#word.length < longestWord) this.#word = Buffer.concat([this.#word, part]).subarray(0, longestWord)
    if (this.#left === 0) this.#end()
    return rest.subarray(part.length)
  }

  #end(): void {
    if (this.#kind > streams.stderr) this.#reader.word(this.#kind, this.#word.toString())
    this.#word = Buffer.alloc(0)
  }
}
