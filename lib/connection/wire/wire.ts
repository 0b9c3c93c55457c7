import { defined } from '../../defined.ts'
import { randomUUID } from 'node:crypto'
import { HostwrightError } from '../../error.ts'
import type { Reply } from '../connection.ts'
import { LargeAnswer } from './large-answers.ts'
import { endHeard, type Ender } from './end-heard.ts'
import { mayStillRun, type Ending } from './ending.ts'
import type { Opened } from './open.ts'
import { within } from './process.ts'
import { isTooMuchOutput, tooMuchOutput } from './output-limit.ts'
import { ReplyReader } from './replies.ts'
import { encodeGroup, joinSmall, type Group, type Request } from './requests.ts'

/** What a wire needs from its connection. */
export interface WireHome extends Ender {
  readonly host: string
  /** Called when a loop has nothing to do any more. */
  rested(): void
}

/** A request on its way. */
export interface Sent extends Request {
  readonly seconds: number
  /** Bytes that its outputs may take together. */
  readonly outputLimit: number
  /** In a group of its own: the answers of others do not wait for it. */
  readonly alone: boolean
  resolve(reply: Reply): void
  reject(error: HostwrightError): void
}

/**
 * Requests of a group share the processes that bring their scripts and their outputs, so the larger it is the less each costs; and they wait for each other's
 * outputs, so it must not be large. Beyond this there is next to nothing left to share.
 */
const largestGroup = 16

/** Bytes that one host may write before the other hosts get their turn. */
const mostInTurn = 8 * largestGroup

/** One running loop: requests go out together at the end of the tick, replies come in order. */
export class Wire {
  readonly #process: Opened
  readonly #home: WireHome
  readonly #gone: () => void
  readonly #groups: Group[] = []
  readonly #reader = new ReplyReader(() => this.#groups.shift(), {
    limitOf: (id) => this.#pending.get(id)?.outputLimit ?? 0,
    tooMuch: (id) => this.#tooMuch(id),
  })
  readonly #large: LargeAnswer
  readonly #pending = new Map<number, Sent>()
  #outbox: Sent[] = []
  #pid: number | undefined
  #timer: NodeJS.Timeout | undefined
  #lastId = 0
  #dead: HostwrightError | undefined
  /** How the loop ended, from the moment that it is ended early. */
  #ending: Promise<Ending> | undefined
  #words = ''

  constructor(process: Opened, home: WireHome, gone: () => void) {
    this.#process = process
    this.#large = new LargeAnswer(process.stdout)
    this.#home = home
    this.#gone = gone
    process.stdin.on('error', () => {
      // A broken pipe: the end of the process brings the reason.
    })
    process.listening.then(
      (pid) => this.#listen(pid),
      (error: unknown) => this.#fail(asError(error)),
    )
  }

  /** It takes no more requests. */
  get dead(): boolean {
    return this.#dead !== undefined || this.#ending !== undefined
  }

  get idle(): boolean {
    return this.#pending.size === 0 && this.#outbox.length === 0
  }

  send(request: Sent): void {
    if (this.#dead !== undefined) return request.reject(this.#dead)
    if (this.#ending !== undefined) return request.reject(notRun(this.#home.host, wasCutOff))
    if (this.#outbox.length === 0) setImmediate(() => this.#flush())
    this.#outbox.push(request)
  }

  /** Ends what runs, on the host too; what waits behind it does not begin. Undefined when nothing ran. */
  async cutShort(): Promise<Ending | undefined> {
    for (const waiting of this.#outbox.splice(0)) waiting.reject(notRun(this.#home.host, wasCutOff))
    return this.idle ? undefined : this.#end(this.#running(), wasCutOff)
  }

  /** The same for one request. */
  async cutOff(request: Sent): Promise<Ending | undefined> {
    if (this.#outbox.includes(request)) {
      this.#outbox = this.#outbox.filter((other) => other !== request)
      request.reject(notRun(this.#home.host, wasCutOff))
      return undefined
    }
    const [id] = [...this.#pending].find(([, other]) => other === request) ?? []
    if (id === undefined || id <= this.#reader.lastEnded) return undefined
    return this.#end(request, wasCutOff)
  }

  /** An idle loop ends at the end of its input and removes its files. A terminal has no end of input. */
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

  #listen(pid: number): void {
    const { stdout, stderr, ended } = this.#process
    this.#pid = pid
    stdout.on('data', (chunk: Buffer) => this.#receive(chunk))
    stderr.on('data', (chunk: Buffer) => {
      this.#words = (this.#words + chunk.toString()).slice(-4096)
    })
    stdout.resume()
    stderr.resume()
    void ended.then(() => this.#fail(this.#home.lost() ?? this.#endedError()))
    this.#watch()
  }

  #flush(): void {
    if (this.dead) return
    const turn = this.#outbox.splice(0, mostInTurn)
    if (this.#outbox.length > 0) setImmediate(() => this.#flush())
    const pieces = grouped(turn).flatMap((requests) => {
      const group = { first: this.#lastId + 1, size: requests.length, mark: randomUUID() }
      for (const request of requests) this.#pending.set((this.#lastId += 1), request)
      this.#groups.push(group)
      return encodeGroup(group, requests)
    })
    if (this.#timer === undefined) this.#watch()
    for (const piece of joinSmall(pieces)) this.#process.stdin.write(piece)
  }

  #receive(chunk: Buffer): void {
    if (this.dead) return
    try {
      const ended = this.#reader.lastEnded
      const replies = this.#reader.push(chunk)
      this.#large.keeps(this.#reader.kept)
      for (const { id, ...reply } of replies) {
        this.#pending.get(id)?.resolve(reply)
        this.#pending.delete(id)
      }
      if (replies.length > 0 || this.#reader.lastEnded > ended) this.#watch()
      if (replies.length > 0 && this.idle) this.#home.rested()
    } catch (error) {
      if (isTooMuchOutput(error)) this.#endless()
      else this.#fail(asError(error))
    }
  }

  /** The others of its group are answered all the same: what is too much is dropped as it comes. */
  #tooMuch(id: number): void {
    const request = this.#pending.get(id)
    if (request === undefined) return
    this.#pending.set(id, { ...request, resolve: () => undefined, reject: () => undefined })
    request.reject(tooMuchOutput(request.outputLimit, 'the rest was dropped').at({ host: this.#home.host }))
  }

  #endless(): void {
    if (this.#pid !== undefined) void this.#home.endTree(this.#pid)
    this.#fail(
      new HostwrightError('not answered: the output of a command before it did not come to an end, and was cut off', {
        next: 'see the task that failed before this one',
      }),
    )
  }

  /** The request that runs, or else one whose output is on its way. */
  #running(): Sent | undefined {
    const next = this.#pending.get(this.#reader.lastEnded + 1)
    return next ?? this.#pending.values().next().value
  }

  /** The limit of a request counts from the moment that it is the one running. */
  #watch(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    const running = this.#pid === undefined ? undefined : this.#running()
    if (running !== undefined) this.#timer = setTimeout(() => this.#late(running), running.seconds * 1000)
  }

  #late(late: Sent): void {
    const within = `no answer within ${late.seconds} seconds`
    void this.#end(late, {
      did: `gave ${within}`,
      told: (left) => `${within}; ${left ?? 'the command was ended'}`,
      next: 'see on the host what it waits for, or raise the timeout',
    })
  }

  /** Ends the loop and tells each request what that means for it: the one to blame, those that have ended, and those behind. */
  #end(blamed: Sent | undefined, why: Untimely): Promise<Ending> {
    this.#ending ??= this.#endNow(blamed, why)
    return this.#ending
  }

  async #endNow(blamed: Sent | undefined, why: Untimely): Promise<Ending> {
    clearTimeout(this.#timer)
    this.#large.over()
    this.#gone()
    const { host } = this.#home
    const ending = await endHeard(this.#home, this.#process.listening)
    const details = { kind: 'failed', host, ...defined({ next: why.next }) } as const
    blamed?.reject(new HostwrightError(why.told(mayStillRun([ending], host)), details))
    for (const [id, request] of this.#pending)
      if (id <= this.#reader.lastEnded)
        request.reject(new HostwrightError(`its output was lost: the command behind it ${why.did}`, details))
    this.#bury(notRun(host, why))
    this.#process.close()
    return ending
  }

  #endedError(): HostwrightError {
    const words = this.#words.trim()
    return new HostwrightError(`the shell on the host has ended${words === '' ? '' : `: ${words}`}`, {
      kind: 'unreachable',
      next: 'see in the host’s log whether it was killed, and run again',
    })
  }

  #fail(error: HostwrightError): void {
    if (this.dead) return
    this.#bury(error)
    this.#process.close()
  }

  #bury(error: HostwrightError): void {
    this.#dead ??= error.at({ host: this.#home.host })
    clearTimeout(this.#timer)
    this.#large.over()
    for (const request of [...this.#pending.values(), ...this.#outbox.splice(0)]) request.reject(this.#dead)
    this.#pending.clear()
    this.#gone()
  }
}

/** Why a loop is ended early. */
interface Untimely {
  /** What the failed request did, as the requests behind it report it. */
  readonly did: string
  /** The same for the failed request, with the programs that may still run. */
  told(left: string | undefined): string
  readonly next?: string
}

const wasCutOff: Untimely = {
  did: 'was cut off',
  told: (left) => `the command was cut off${left === undefined ? '' : `; ${left}`}`,
}

function notRun(host: string, { did }: Untimely): HostwrightError {
  return new HostwrightError(`not run: the command before it ${did}`, { kind: 'failed', host })
}

function grouped(requests: readonly Sent[]): readonly (readonly Sent[])[] {
  const groups: Sent[][] = []
  for (const request of requests) {
    const open = groups.at(-1)
    if (open === undefined || open.length === largestGroup || request.alone || open[0]?.alone === true)
      groups.push([request])
    else open.push(request)
  }
  return groups
}

function asError(error: unknown): HostwrightError {
  return error instanceof HostwrightError ? error : new HostwrightError(String(error), { kind: 'defect', cause: error })
}
