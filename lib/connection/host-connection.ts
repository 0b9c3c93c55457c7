import type { Duplex } from 'node:stream'
import { HostwrightError } from '../error.ts'
import { raw, type Script } from '../quote.ts'
import type { Become, Connection, ExecOptions, Reply, Shell } from './connection.ts'
import { Cut } from './wire/cut.ts'
import { ended, type Ending } from './wire/ending.ts'
import { duplexOf, runOnce, type ExecHome } from './wire/exec.ts'
import { loopText, onceText } from './wire/loop.ts'
import { openProgram, type Opened, type Start } from './wire/open.ts'
import type { Transport } from './wire/process.ts'
import { RoundTrips } from './wire/round-trips.ts'
import { WireShell } from './wire/shell.ts'
import { TreeEnder } from './wire/tree-ender.ts'

/** Programs that may run at once over a transport that does not say how many: what OpenSSH's MaxSessions allows. */
const usualProcesses = 10

export interface Limits {
  /** Seconds until a program that was started listens. */
  readonly startTimeout: number
  /** Seconds until a request is given up, unless it says otherwise. */
  readonly commandTimeout: number
  /** Bytes that the outputs of one request may take together, unless it says otherwise. */
  readonly outputLimit: number
}

/** Shells and single programs over any transport. */
export class HostConnection implements Connection {
  readonly host: string
  readonly #transport: Transport
  readonly #limits: Limits
  readonly #shells = new Map<string, WireShell>()
  readonly #opening = new Map<string, Promise<Shell>>()
  readonly #waiting: (() => void)[] = []
  readonly #trips = new RoundTrips()
  readonly #all = new Cut()
  readonly #ender = new TreeEnder((...asked) => this.#besides(...asked))
  #opened = 0
  #running = 0
  #requests = 0
  #closed = false

  constructor(transport: Transport, limits: Limits) {
    this.host = transport.host
    this.#transport = transport
    this.#limits = limits
  }

  get user(): string | undefined {
    return this.#transport.user
  }

  get requests(): number {
    return this.#requests
  }

  get roundTrips(): number {
    return this.#trips.count
  }

  shell(become?: Become): Promise<Shell> {
    const key = become === undefined ? '' : `${become.method}\0${become.user}`
    const known = this.#opening.get(key)
    if (known !== undefined) return known
    const shell = new WireShell({
      host: this.host,
      commandTimeout: this.#limits.commandTimeout,
      outputLimit: this.#limits.outputLimit,
      trips: this.#trips,
      open: () => this.#open(loopText, become),
      all: this.#all,
      endTree: (pid) => this.#ender.end({ pid, loop: true }, become),
      lost: () => this.#transport.lost,
      counted: () => this.#count(),
      rested: () => this.#waiting.shift()?.(),
    })
    const opening = shell.open().then(
      () => shell,
      (error: unknown) => {
        this.#opening.delete(key)
        this.#shells.delete(key)
        throw error
      },
    )
    this.#shells.set(key, shell)
    this.#opening.set(key, opening)
    return opening
  }

  async exec(script: Script, options: ExecOptions = {}): Promise<Reply> {
    const { become } = options
    const opened = await this.#open(onceText, become)
    if (opened.pty && (options.stdin !== undefined || options.input !== undefined)) {
      opened.close()
      throw new HostwrightError('doas with a password cannot pass input to a command', {
        kind: 'failed',
        host: this.host,
        next: 'set ansible_become_method=sudo, or permit the login user `nopass` in /etc/doas.conf',
      })
    }
    this.#count()
    return runOnce(
      this.#execHome(become),
      opened,
      opened.pty ? raw(`exec </dev/null\n${script.text}`) : script,
      options,
    )
  }

  async duplex(script: Script, become?: Become): Promise<Duplex> {
    const opened = await this.#open(onceText, become)
    this.#count()
    return duplexOf(this.#execHome(become), opened, script)
  }

  cutShort(): Promise<readonly Ending[]> {
    const endings = this.#all.now()
    for (const go of this.#waiting.splice(0)) go()
    return endings
  }

  async close(): Promise<void> {
    this.#closed = true
    const closing = [...this.#shells.values()].map((shell) => shell.close())
    if (this.#transport.endsBehind !== true) await Promise.all(closing)
    this.#shells.clear()
    this.#opening.clear()
    for (const go of this.#waiting.splice(0)) go()
    await this.#transport.close()
  }

  get #over(): boolean {
    return this.#closed || this.#all.over
  }

  #count(): void {
    this.#requests += 1
  }

  #execHome(become: Become | undefined): ExecHome {
    return {
      host: this.host,
      commandTimeout: this.#limits.commandTimeout,
      outputLimit: this.#limits.outputLimit,
      trips: this.#trips,
      lost: () => this.#transport.lost,
      all: this.#all,
      endTree: (pid) => this.#ender.end({ pid, loop: false }, become),
    }
  }

  /** The first program belongs to the login; those after it cost a round trip each. */
  async #open(
    text: (nonce: string) => string,
    become: Become | undefined,
    start: Start = (c, o) => this.#start(c, o),
  ): Promise<Opened> {
    const depth = this.#opened === 0 ? 0 : this.#trips.ask()
    this.#opened += 1
    const seconds = this.#limits.startTimeout
    const opened = await openProgram(this.#transport, start, text, { become, seconds })
    this.#trips.answer(depth)
    return opened
  }

  /** Waits for a free place. An idle shell is closed to make room, and opened again when it is needed. */
  readonly #start: Start = async (command, options) => {
    while (this.#running >= (this.#transport.maxProcesses ?? usualProcesses) && !this.#over) {
      for (const shell of this.#shells.values()) if (shell.release()) break
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
    if (this.#over || this.#transport.lost !== undefined) {
      this.#waiting.shift()?.()
      throw this.#transport.lost ?? closedError(this.host)
    }
    this.#running += 1
    const leave = () => {
      this.#running -= 1
      this.#waiting.shift()?.()
    }
    try {
      const process = await this.#transport.start(command, options)
      void process.ended.then(leave)
      if (!this.#over) return process
      // The connection was closed while this program started: without this, it would go on running.
      process.close()
    } catch (error) {
      leave()
      throw error
    }
    throw closedError(this.host)
  }

  /** Runs a script even when the limit of programs is reached: the program to end may be one of them. */
  async #besides(script: Script, become: Become | undefined, timeout: number): Promise<Reply> {
    if (this.#transport.lost !== undefined) throw this.#transport.lost
    if (this.#closed) throw closedError(this.host)
    const opened = await this.#open(onceText, become, (command, options) => this.#transport.start(command, options))
    const home: ExecHome = { ...this.#execHome(become), all: new Cut(), endTree: () => Promise.resolve(ended) }
    return runOnce(home, opened, script, { timeout })
  }
}

function closedError(host: string): HostwrightError {
  return new HostwrightError('the connection was closed', { kind: 'unreachable', host })
}
