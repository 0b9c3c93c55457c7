import { HostwrightError } from '../../error.ts'
import type { Reply } from './reply.ts'
import { Gathered } from './gathered.ts'
import { tooMuchOutput } from './output-limit.ts'
import type { Group } from './requests.ts'

export interface NumberedReply extends Reply {
  readonly id: number
}

type Output = 'stdout' | 'stderr'

/** A request that has ended, and its outputs as far as they have come. */
interface Ended {
  readonly id: number
  readonly status: number
  readonly awaited: Output[]
  readonly outputs: { stdout: Buffer; stderr: Buffer }
  /** Bytes that its outputs may still take. */
  room: number
}

/** How much of an answer is kept, and what is called when there is more. */
export interface ReplyLimits {
  /** Bytes that the outputs of this request may take together. */
  limitOf(id: number): number
  /** Its outputs are longer: they are dropped as they come, and its reply comes without them. */
  tooMuch(id: number): void
}

/** So many times its limit an output may be long and is dropped for the sake of what follows it; one that is longer is taken for endless. */
const mostDropped = 4

const headerPattern = /^(\d+) (\d+) ([01]) ([01])$/
const longestHeader = 100
const nothing = Buffer.alloc(0)

/** Cuts a stream of bytes into replies. Bytes are searched once as they come, and joined once, when an output is whole. */
export class ReplyReader {
  readonly #nextGroup: () => Group | undefined
  readonly #limits: ReplyLimits
  /** Bytes that have come and were not read yet. */
  #fresh: Buffer[] = []
  /** The beginning of an output, and its last bytes, which may be the beginning of the mark. */
  readonly #begun = new Gathered()
  #size = 0
  #tail: Buffer = nothing
  #group: { readonly last: number; readonly mark: Buffer } | undefined
  #lastEnded = 0
  /** Requests of the group whose outputs are still to come, in their order. */
  #ended: Ended[] = []

  /** `nextGroup` gives one group after the other, in the order in which they were sent. */
  constructor(nextGroup: () => Group | undefined, limits: ReplyLimits) {
    this.#nextGroup = nextGroup
    this.#limits = limits
  }

  /** The last request that is known to have ended; its output may still be on its way. */
  get lastEnded(): number {
    return this.#lastEnded
  }

  /** Bytes that are kept of the output that is on its way. */
  get kept(): number {
    return this.#begun.size
  }

  /** The replies that this chunk completes. Throws when the stream is not what the loop writes. */
  push(chunk: Buffer): readonly NumberedReply[] {
    if (chunk.length > 0) this.#fresh.push(chunk)
    const replies: NumberedReply[] = []
    let going = true
    while (going) {
      const ended = this.#awaitsHeader() ? this.#readHeader() : this.#readOutputs()
      if (ended?.awaited.length === 0) replies.push({ id: ended.id, status: ended.status, ...ended.outputs })
      going = ended !== undefined
    }
    return replies
  }

  #awaitsHeader(): boolean {
    return this.#group === undefined || this.#lastEnded < this.#group.last
  }

  #readHeader(): Ended | undefined {
    const line = this.#readLine()
    if (line === undefined) return undefined
    this.#group ??= this.#startGroup(line)
    const [, id, status, out, err] = headerPattern.exec(line) ?? []
    if (Number(id) !== this.#lastEnded + 1) throw unexpected(line)
    this.#lastEnded += 1
    const ended = {
      id: this.#lastEnded,
      status: Number(status),
      awaited: [...(out === '1' ? ['stdout' as const] : []), ...(err === '1' ? ['stderr' as const] : [])],
      outputs: { stdout: nothing, stderr: nothing },
      room: this.#limits.limitOf(this.#lastEnded),
    }
    if (ended.awaited.length > 0) this.#ended.push(ended)
    else this.#endGroup()
    return ended
  }

  #startGroup(line: string) {
    const group = this.#nextGroup()
    if (group === undefined) throw unexpected(line)
    return { last: group.first + group.size - 1, mark: Buffer.from(`\n${group.mark}\n`) }
  }

  /** When the last request of a group has ended and no output is to come, the next group begins. */
  #endGroup(): void {
    if (this.#ended.length === 0 && !this.#awaitsHeader()) this.#group = undefined
  }

  #readLine(): string | undefined {
    if (this.#fresh.length > 1) this.#fresh = [Buffer.concat(this.#fresh)]
    const [bytes] = this.#fresh
    if (bytes === undefined) return undefined
    const end = bytes.subarray(0, longestHeader).indexOf('\n')
    if (end < 0 && bytes.length < longestHeader) return undefined
    this.#fresh = end + 1 < bytes.length && end >= 0 ? [bytes.subarray(end + 1)] : []
    return bytes.subarray(0, end < 0 ? longestHeader : end).toString('latin1')
  }

  /** The first request of the group whose outputs have all come now. */
  #readOutputs(): Ended | undefined {
    const [ended] = this.#ended
    if (ended === undefined || this.#group === undefined) return undefined
    for (let name = ended.awaited[0]; name !== undefined; name = ended.awaited[0]) {
      const output = this.#readUntil(this.#group.mark, ended)
      if (output === undefined) return undefined
      ended.outputs[name] = output
      ended.room -= output.length
      ended.awaited.shift()
    }
    this.#ended.shift()
    this.#endGroup()
    return ended
  }

  #readUntil(mark: Buffer, ended: Ended): Buffer | undefined {
    const limit = this.#limits.limitOf(ended.id)
    for (let chunk = this.#fresh.shift(); chunk !== undefined; chunk = this.#fresh.shift()) {
      const before = this.#size - this.#tail.length
      const window = this.#tail.length === 0 ? chunk : Buffer.concat([this.#tail, chunk])
      const found = window.indexOf(mark)
      const tail = found < 0 ? window.subarray(-(mark.length - 1)) : nothing
      // What belongs to the output for certain: its last bytes may be the beginning of the mark.
      const length = before + (found < 0 ? window.length - tail.length : found)
      if (before <= ended.room && length > ended.room) this.#overflow(ended)
      if (length <= ended.room) this.#begun.push(chunk)
      if (found >= 0) {
        const rest = window.subarray(found + mark.length)
        if (rest.length > 0) this.#fresh.unshift(rest)
        return this.#take(length <= ended.room ? length : 0)
      }
      if (length > mostDropped * limit) throw tooMuchOutput(limit, 'it did not come to an end')
      this.#size += chunk.length
      this.#tail = tail
    }
    return undefined
  }

  #overflow(ended: Ended): void {
    this.#begun.drop()
    ended.room = -1
    this.#limits.tooMuch(ended.id)
  }

  /** The output that has come, which is so long. */
  #take(length: number): Buffer {
    const all = this.#begun.take()
    this.#size = 0
    this.#tail = nothing
    return all.subarray(0, length)
  }
}

function unexpected(text: string): HostwrightError {
  return new HostwrightError(`the shell on the host said something unexpected: ${JSON.stringify(text)}`, {
    kind: 'unreachable',
    next: 'look for a login file on the host that prints or changes the shell',
  })
}
