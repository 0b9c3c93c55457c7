import { randomUUID } from 'node:crypto'
import { HostwrightError } from '../error.ts'
import type { Script } from '../quote.ts'
import type { Reply, RequestOptions, Shell } from './connection.ts'
import type { Opened } from './open.ts'
import { within } from './process.ts'
import { encodeRequest, joinSmall, ReplyReader } from './wire.ts'

interface Pending {
  readonly id: number
  readonly mark: string
  readonly seconds: number
  resolve(reply: Reply): void
  reject(error: HostwrightError): void
}

/** What a shell needs from its connection. */
export interface ShellHome {
  readonly host: string
  readonly commandTimeout: number
  /** Opens a loop; called again after one was lost or let go. */
  open(): Promise<Opened>
  /** Ends what a request left running. Never rejects. */
  endTree(pid: number): Promise<void>
  lost(): HostwrightError | undefined
  counted(): void
  /** Called when a loop has nothing to do any more. */
  rested(): void
}

/** A shell whose loop is opened when needed: a lost one is replaced at the next request. */
export class WireShell implements Shell {
  readonly #home: ShellHome
  #wire: Promise<Wire> | undefined
  /** The same once it is open. */
  #open: Wire | undefined

  constructor(home: ShellHome) {
    this.#home = home
  }

  async open(): Promise<void> {
    await this.#live()
  }

  async request(script: Script, options: RequestOptions = {}): Promise<Reply> {
    const input = Buffer.from(options.input ?? '')
    let wire = await this.#live()
    // It may have been let go between its opening and now.
    if (wire.dead) wire = await this.#live()
    this.#home.counted()
    return wire.send(script, input, options.timeout ?? this.#home.commandTimeout)
  }

  /** Lets go of the loop if it has nothing to do, to make room for others. */
  release(): boolean {
    const wire = this.#open
    if (wire === undefined || !wire.idle) return false
    void this.close()
    return true
  }

  /** Resolves when the loop has cleaned up and ended; one that is busy is cut off and does so when its script has finished. */
  async close(): Promise<void> {
    const wire = this.#open
    this.#wire = undefined
    this.#open = undefined
    await wire?.close()
  }

  #live(): Promise<Wire> {
    this.#wire ??= this.#connect()
    return this.#wire
  }

  async #connect(): Promise<Wire> {
    try {
      const wire = new Wire(await this.#home.open(), this.#home, () => {
        if (this.#open !== wire) return
        this.#wire = undefined
        this.#open = undefined
      })
      this.#open = wire
      return wire
    } catch (error) {
      this.#wire = undefined
      throw error
    }
  }
}

/** One running loop: requests go out together at the end of the tick, replies come in order. */
class Wire {
  readonly #process: Opened
  readonly #home: ShellHome
  readonly #gone: () => void
  readonly #reader = new ReplyReader((id) => this.#pending.find((pending) => pending.id === id)?.mark)
  readonly #pending: Pending[] = []
  #outbox: Buffer[] = []
  #timer: NodeJS.Timeout | undefined
  #lastId = 0
  #dead: HostwrightError | undefined
  #words = ''

  constructor(process: Opened, home: ShellHome, gone: () => void) {
    this.#process = process
    this.#home = home
    this.#gone = gone
    process.stdin.on('error', () => {
      // A broken pipe: `ended` brings the reason.
    })
    process.stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    process.stderr.on('data', (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString()).slice(-4096)
    })
    process.stdout.resume()
    process.stderr.resume()
    void process.ended.then(() => this.#fail(this.#home.lost() ?? this.#endedError()))
  }

  get dead(): boolean {
    return this.#dead !== undefined
  }

  get idle(): boolean {
    return this.#pending.length === 0
  }

  send(script: Script, input: Buffer, seconds: number): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.#dead !== undefined) return reject(this.#dead)
      const id = this.#lastId + 1
      const mark = randomUUID()
      const pieces = encodeRequest(id, script, input, mark)
      this.#lastId = id
      this.#pending.push({ id, mark, seconds, resolve, reject })
      if (this.#pending.length === 1) this.#watch()
      if (this.#outbox.length === 0) setImmediate(() => this.#flush())
      this.#outbox.push(...pieces)
    })
  }

  /** An idle loop ends by itself at the end of its input, and takes its files with it. A terminal has no such end. */
  async close(): Promise<void> {
    const gently = this.#dead === undefined && this.idle && !this.#process.pty
    this.#bury(
      this.#home.lost() ??
        new HostwrightError('the connection was closed', { kind: 'unreachable', host: this.#home.host }),
    )
    if (gently) {
      this.#process.stdin.end()
      await within(2, this.#process.ended, () => new Error('late')).catch(() => undefined)
    }
    this.#process.close()
  }

  #flush(): void {
    const pieces = this.#outbox
    this.#outbox = []
    if (this.#dead === undefined) for (const piece of joinSmall(pieces)) this.#process.stdin.write(piece)
  }

  #receive(chunk: Buffer): void {
    if (this.#dead !== undefined) return
    try {
      for (const { id, ...reply } of this.#reader.push(chunk)) {
        const first = this.#pending.shift()
        if (first?.id !== id)
          throw new HostwrightError('the shell on the host answered out of turn', { kind: 'defect' })
        this.#watch()
        first.resolve(reply)
        if (this.idle) this.#home.rested()
      }
    } catch (error) {
      this.#fail(error instanceof HostwrightError ? error : new HostwrightError(String(error), { kind: 'defect' }))
    }
  }

  /** The limit of a request counts from the moment that it is the one running. */
  #watch(): void {
    clearTimeout(this.#timer)
    const first = this.#pending[0]
    if (first !== undefined) this.#timer = setTimeout(() => this.#late(first), first.seconds * 1000)
  }

  #late(first: Pending): void {
    this.#pending.shift()
    first.reject(
      new HostwrightError(`no answer within ${first.seconds} seconds; the command was ended`, {
        kind: 'failed',
        host: this.#home.host,
        next: 'see on the host what it waits for, or raise the timeout',
      }),
    )
    void this.#home.endTree(this.#process.pid)
    this.#fail(
      new HostwrightError(`not run: the command before it gave no answer within ${first.seconds} seconds`, {
        kind: 'failed',
      }),
    )
  }

  #endedError(): HostwrightError {
    const words = this.#words.trim()
    return new HostwrightError(`the shell on the host has ended${words === '' ? '' : `: ${words}`}`, {
      kind: 'unreachable',
      next: 'see in the host’s log whether it was killed, and run again',
    })
  }

  #fail(error: HostwrightError): void {
    if (this.#dead !== undefined) return
    this.#bury(error)
    this.#process.close()
  }

  #bury(error: HostwrightError): void {
    this.#dead ??= error.at({ host: this.#home.host })
    clearTimeout(this.#timer)
    for (const pending of this.#pending.splice(0)) pending.reject(this.#dead)
    this.#gone()
  }
}
