import type { Readable } from 'node:stream'

/** Bytes from which on an answer is a large one. */
const large = 4_000_000

/** Seconds after which a large answer is read without its turn: a host that stalls in the middle of one holds up nobody for longer. */
const patience = 10

let reading: object | undefined
const waiting = new Map<object, () => void>()

function passOn(): void {
  const [next] = waiting
  reading = next?.[0]
  next?.[1]()
}

/**
 * Large answers are read one after the other, whichever host they come from: hosts that all say too much at once take little more memory than one of them. A
 * host whose answer has to wait is not read from, so it waits too.
 */
export class LargeAnswer {
  readonly #streams: readonly Readable[]
  #large = false
  #timer: NodeJS.Timeout | undefined

  /** Of an answer that comes on these streams. */
  constructor(...streams: readonly Readable[]) {
    this.#streams = streams
  }

  /** To be told how many bytes are kept of the answer. */
  keeps(bytes: number): void {
    if (bytes < large) this.over()
    else if (!this.#large) this.#take()
  }

  over(): void {
    if (!this.#large) return
    this.#large = false
    this.#goOn()
    if (reading === this) passOn()
  }

  #take(): void {
    this.#large = true
    waiting.set(this, () => this.#goOn())
    if (reading === undefined) return passOn()
    for (const stream of this.#streams) stream.pause()
    this.#timer = setTimeout(() => this.#goOn(), patience * 1000)
  }

  #goOn(): void {
    clearTimeout(this.#timer)
    if (!waiting.delete(this)) return
    for (const stream of this.#streams) stream.resume()
  }
}
