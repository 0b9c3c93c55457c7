import type { Script } from '../../quote.ts'
import type { Reply, RequestOptions, Shell } from '../connection.ts'
import { cutOffError, type Cut } from './cut.ts'
import type { Opened } from './open.ts'
import { refuseNul } from './requests.ts'
import type { RoundTrips } from './round-trips.ts'
import { Wire, type Sent, type WireHome } from './wire.ts'

/** What a shell needs from its connection. */
export interface ShellHome extends WireHome {
  readonly commandTimeout: number
  readonly outputLimit: number
  readonly trips: RoundTrips
  /** All that runs over the connection. */
  readonly all: Cut
  /** Opens a loop; called again after one was lost or let go. */
  open(): Promise<Opened>
  counted(): void
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
    refuseNul(script)
    const { input = '', timeout, outputLimit = this.#home.outputLimit, cut } = options
    const bytes = typeof input === 'string' ? Buffer.from(input) : input
    let wire = await this.#live()
    // It may have been closed since it was opened.
    if (wire.dead) wire = await this.#live()
    if (cut?.over === true) throw cutOffError(this.#home.host)
    this.#home.counted()
    const depth = this.#home.trips.ask()
    let unwatch: (() => void) | undefined
    const answer = new Promise<Reply>((resolve, reject) => {
      const request: Sent = {
        script,
        input: bytes,
        seconds: timeout ?? this.#home.commandTimeout,
        outputLimit,
        alone: timeout !== undefined,
        resolve,
        reject,
      }
      unwatch = cut?.watch(() => wire.cutOff(request))
      wire.send(request)
    })
    const reply = await (unwatch === undefined ? answer : answer.finally(unwatch))
    this.#home.trips.answer(depth)
    return reply
  }

  /** Closes the loop if it is idle, to make room for others. */
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
      const opened = await this.#home.open()
      const wire = new Wire(opened, this.#home, () => {
        if (this.#open !== wire) return
        this.#wire = undefined
        this.#open = undefined
      })
      this.#open = wire
      void opened.ended.then(this.#home.all.watch(() => wire.cutShort()))
      return wire
    } catch (error) {
      this.#wire = undefined
      throw error
    }
  }
}
