const blockSize = 65_536
const nothing: Buffer = Buffer.alloc(0)

/** Blocks to use again. The garbage collector would free those of a long answer too late, when the next one has already come. */
const spare: Buffer[] = []
const mostSpare = 1024

/** Collects an output, in little more memory than its bytes take, even when it comes a few bytes at a time. */
export class Gathered {
  /** Most outputs are one chunk: the first is kept as it is. */
  #first = nothing
  #blocks: Buffer[] = []
  /** Bytes in the blocks. */
  #used = 0

  get size(): number {
    return this.#first.length + this.#used
  }

  push(chunk: Buffer): void {
    if (this.#first.length === 0) this.#first = chunk
    else for (let from = 0; from < chunk.length;) from += this.#copy(chunk, from)
  }

  /** The whole output. Afterwards this is empty. */
  take(): Buffer {
    const all = this.#used === 0 ? this.#first : Buffer.concat([this.#first, ...this.#blocks], this.size)
    this.drop()
    return all
  }

  drop(): void {
    this.#first = nothing
    spare.push(...this.#blocks.slice(0, mostSpare - spare.length))
    this.#blocks = []
    this.#used = 0
  }

  #copy(chunk: Buffer, from: number): number {
    const at = this.#used % blockSize
    if (at === 0) this.#blocks.push(spare.pop() ?? Buffer.allocUnsafeSlow(blockSize))
    const copied = chunk.copy(this.#blocks.at(-1) ?? nothing, at, from)
    this.#used += copied
    return copied
  }
}
