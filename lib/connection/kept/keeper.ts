import { rmSync } from 'node:fs'
import { createConnection, createServer, type Server, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import { within } from '../wire/process.ts'
import { sshTransport, type SshTransport } from '../ssh/transport.ts'
import { firstLine } from './first-line.ts'
import type { KeptLogin } from './kept-logins.ts'
import { loginKey, unpackTarget } from './login-key.ts'
import { keptSocket } from './place.ts'
import { serveProgram } from './serve-program.ts'

/** Seconds in which a host has to show that it is still there. */
const patience = 2
/** Hosts that are logged in to at the same time. It is low: no user waits, and the machine has other work. */
const together = 4

interface Ask {
  /** A login of this key, for the caller alone and for as long as it stays connected. */
  readonly lease?: string
  /** A program over the login of this key. */
  readonly start?: string
  readonly command?: string
  readonly pty?: boolean
  /** Targets to log in to. */
  readonly keep?: readonly string[]
  /** List the logins that are kept. */
  readonly list?: true
  /** No login may be kept from now on. */
  readonly end?: true
}

interface Login {
  readonly transport: SshTransport
  /** `user@address:port` */
  readonly name: string
  /** Milliseconds that an unused login is kept. */
  readonly stay: number
  leased: boolean
  /** Milliseconds since the epoch when it ends, if it is not leased before. */
  until: number
  timer: NodeJS.Timeout | undefined
}

/** Keeps unused logins for a while, and gives each to one run at a time. Ends when no login is left. */
class Keeper {
  readonly #logins = new Map<string, Login>()
  /** The targets to log in to, packed, by their keys. */
  readonly #wanted = new Map<string, string>()
  readonly #underWay = new Set<string>()
  readonly #server: Server
  readonly #path: string
  #ended = false

  constructor(path: string) {
    this.#path = path
    this.#server = createServer((socket) => {
      socket.on('error', () => undefined)
      void this.#serve(socket).catch(() => socket.destroy())
    })
  }

  listen(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject).listen(this.#path, () => resolve())
    })
  }

  keep(targets: readonly string[]): void {
    for (const packed of targets) this.#wanted.set(loginKey(unpackTarget(packed)), packed)
    this.#begin()
  }

  #begin(): void {
    for (const [key, packed] of this.#wanted) {
      if (this.#underWay.size >= together) return
      this.#wanted.delete(key)
      if (this.#logins.has(key) || this.#underWay.has(key)) continue
      this.#underWay.add(key)
      void this.#logIn(key, packed).finally(() => {
        this.#underWay.delete(key)
        this.#begin()
      })
    }
    this.#endWhenEmpty()
  }

  end(): void {
    this.#ended = true
    this.#wanted.clear()
    for (const [key, login] of this.#logins) this.#drop(key, login)
    this.#endWhenEmpty()
  }

  async #logIn(key: string, packed: string): Promise<void> {
    const target = unpackTarget(packed)
    try {
      const transport = await sshTransport(target)
      if (this.#ended) return void transport.close()
      const name = `${target.user}@${target.address}:${target.port}`
      const stay = target.persist * 1000
      const login: Login = { transport, name, stay, leased: false, until: 0, timer: undefined }
      this.#logins.set(key, login)
      void transport.gone.then(() => this.#drop(key, login))
      this.#rest(key, login)
    } catch {
      // The next run logs in by itself, and says what is wrong.
    }
  }

  #rest(key: string, login: Login): void {
    if (this.#logins.get(key) !== login) return
    login.leased = false
    clearTimeout(login.timer)
    login.until = Date.now() + login.stay
    login.timer = setTimeout(() => this.#drop(key, login), login.stay)
  }

  #drop(key: string, login: Login): void {
    if (this.#logins.get(key) !== login) return
    this.#logins.delete(key)
    clearTimeout(login.timer)
    void login.transport.close()
    this.#endWhenEmpty()
  }

  #endWhenEmpty(): void {
    if (this.#logins.size + this.#wanted.size + this.#underWay.size > 0) return
    this.#server.close()
    rmSync(this.#path, { force: true })
  }

  async #serve(socket: Socket): Promise<void> {
    const ask = JSON.parse(await within(patience, firstLine(socket), () => new Error('late'))) as Ask
    if (ask.keep !== undefined) {
      this.keep(ask.keep)
      socket.end()
    } else if (ask.list === true) socket.end(JSON.stringify(this.#list()))
    else if (ask.end === true) {
      this.end()
      socket.end()
    } else if (ask.lease !== undefined) await this.#lend(ask.lease, socket)
    else await serveProgram(socket, this.#logins.get(ask.start ?? '')?.transport, ask.command ?? '', ask.pty === true)
  }

  #list(): readonly KeptLogin[] {
    return [...this.#logins.values()].map(({ name, leased, until }) => ({
      ...{ login: name, used: leased, seconds: Math.round((until - Date.now()) / 1000) },
    }))
  }

  async #lend(key: string, socket: Socket): Promise<void> {
    const login = this.#logins.get(key)
    if (login === undefined || login.leased) return void socket.end('{}\n')
    login.leased = true
    clearTimeout(login.timer)
    socket.once('close', () => this.#rest(key, login))
    if (!(await login.transport.answers(patience))) {
      this.#drop(key, login)
      return void socket.end('{}\n')
    }
    socket.write('{"live":true}\n')
    socket.resume()
    void login.transport.gone.then(() => {
      const { lost } = login.transport
      socket.end(`${JSON.stringify({ lost: lost?.message ?? 'it was ended' })}\n`)
    })
  }
}

/** Logs in to the targets on standard input, and keeps these logins for later runs. If another keeper runs, the targets go to that one. */
export async function keepLogins(): Promise<void> {
  const path = keptSocket(true)
  if (path === undefined) return
  const said = await text(process.stdin)
  const other = await reached(path)
  if (other !== undefined) return void other.end(`${said}\n`)
  rmSync(path, { force: true })
  const keeper = new Keeper(path)
  process.once('SIGTERM', () => keeper.end())
  await keeper.listen()
  keeper.keep((JSON.parse(said) as Ask).keep ?? [])
}

function reached(path: string): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('connect', () => resolve(socket)).once('error', () => resolve(undefined))
  })
}
