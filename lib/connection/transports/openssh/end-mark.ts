import { Transform, type TransformCallback } from 'node:stream'
import { quote } from '../../../quote.ts'

/**
 * Wraps a command so that it reports its own exit status. ssh's report is not enough: it waits until the outputs are closed, and a daemon that the command starts
 * may never close them. Its status 255 means a signal or a failure of ssh itself.
 */
export function withEndMark(command: string, mark: string): string {
  return `exec sh -c ${quote(`${command}; s=$?; echo "${mark} $s" >&2; exit "$s"`)}`
}

/** Removes the report of the exit status from a program's standard error. */
export class EndMark extends Transform {
  /** The program's exit status, as a shell gives it; undefined until it is reported. */
  readonly status: Promise<number>
  readonly #mark: Buffer
  #tell: (status: number) => void = () => undefined
  #held: Buffer = Buffer.alloc(0)
  #told = false

  constructor(mark: string) {
    super()
    this.#mark = Buffer.from(`${mark} `)
    this.status = new Promise((resolve) => (this.#tell = resolve))
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    if (this.#told) return done(null, chunk)
    const bytes = this.#held.length === 0 ? chunk : Buffer.concat([this.#held, chunk])
    const at = bytes.indexOf(this.#mark)
    const end = at < 0 ? -1 : bytes.indexOf('\n', at)
    if (end < 0) {
      const whole = at < 0 ? bytes.length - begun(bytes, this.#mark) : at
      this.#held = bytes.subarray(whole)
      return done(null, bytes.subarray(0, whole))
    }
    this.#told = true
    this.#held = Buffer.alloc(0)
    this.#tell(Number(bytes.subarray(at + this.#mark.length, end).toString()))
    done(null, Buffer.concat([bytes.subarray(0, at), bytes.subarray(end + 1)]))
  }

  override _flush(done: TransformCallback): void {
    done(null, this.#held)
  }
}

/** How many bytes at the end may be the beginning of the mark. */
function begun(bytes: Buffer, mark: Buffer): number {
  for (let size = Math.min(bytes.length, mark.length - 1); size > 0; size -= 1)
    if (bytes.subarray(-size).equals(mark.subarray(0, size))) return size
  return 0
}
