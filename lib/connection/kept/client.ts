import { createConnection, type Socket } from 'node:net'
import { PassThrough, Writable } from 'node:stream'
import { HostwrightError } from '../../error.ts'
import { within, type ProcessEnd, type HostProcess, type Transport } from '../wire/process.ts'
import { mostChannels, type SshTarget } from '../settings/ssh-target.ts'
import { firstLine } from './first-line.ts'
import { Frames, sendFrame, streams, words } from './frames.ts'
import { loginKey } from './login-key.ts'

/** Seconds for the keeper to say whether it has a login. It asks the host, which may be gone by now. */
const patience = 4

/** Starts programs over a login that the keeper holds from an earlier run. Undefined when it has no working one. */
export async function keptTransport(target: SshTarget, path: string): Promise<Transport | undefined> {
  const key = loginKey(target)
  try {
    const lease = await connected(path)
    try {
      lease.write(`${JSON.stringify({ lease: key })}\n`)
      const said = await within(patience, firstLine(lease), () => new Error('the keeper does not answer'))
      if ((JSON.parse(said) as { live?: boolean }).live === true) return new KeptTransport(target, path, key, lease)
    } catch {
      // Any error here only means that this run has to log in by itself.
    }
    lease.destroy()
  } catch {
    // Nobody keeps anything.
  }
  return undefined
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection(path)
    // Also later, when nobody waits: the keeper may be killed at any time, and its end is seen by 'close'.
    socket.on('error', reject).once('connect', () => resolve(socket))
  })
}

class KeptTransport implements Transport {
  readonly host: string
  readonly user: string
  readonly maxProcesses = mostChannels
  readonly keepsEarly = true
  readonly endsBehind = true
  readonly #path: string
  readonly #key: string
  readonly #lease: Socket
  readonly #gone: Promise<void>
  readonly #programs = new Set<Socket>()
  #lost: HostwrightError | undefined
  #closing = false

  constructor(target: SshTarget, path: string, key: string, lease: Socket) {
    this.host = target.name
    this.user = target.user
    this.#path = path
    this.#key = key
    this.#lease = lease
    this.#gone = firstLine(lease)
      .catch(() => '{}')
      .then((said) => {
        if (!this.#closing) this.#lost = lostError(target.name, said)
        lease.destroy()
      })
  }

  get lost(): HostwrightError | undefined {
    return this.#lost
  }

  async start(command: string, { pty = false } = {}): Promise<HostProcess> {
    if (this.#lost !== undefined) throw this.#lost
    const socket = await connected(this.#path).catch((): never => {
      throw this.#lost ?? lostError(this.host, '{}')
    })
    this.#programs.add(socket.once('close', () => this.#programs.delete(socket)))
    socket.write(`${JSON.stringify({ start: this.#key, command, pty })}\n`)
    return seen(socket, this.#gone)
  }

  close(): Promise<void> {
    this.#closing = true
    // The socket sends what was written before; then the keeper ends the programs that still run.
    for (const socket of this.#programs) socket.destroySoon()
    this.#lease.destroy()
    return Promise.resolve()
  }
}

/** A program at the other end of the keeper's socket. */
function seen(socket: Socket, gone: Promise<void>): HostProcess {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  let known: ProcessEnd = { status: undefined, signal: undefined }
  let tell: (ended: ProcessEnd) => void
  const exited = new Promise<ProcessEnd>((resolve) => (tell = resolve))
  const frames = new Frames({
    piece(kind, bytes) {
      const stream = kind === streams.stdout ? stdout : stderr
      if (stream.write(bytes)) return
      socket.pause()
      stream.once('drain', () => socket.resume())
    },
    word(kind, text) {
      if (kind === words.refused) stderr.write(text)
      else known = JSON.parse(text) as ProcessEnd
      if (isKnown(known)) tell(known)
    },
  })
  socket.on('data', (chunk) => frames.push(chunk))
  const closed = new Promise<void>((resolve) => {
    socket.on('end', resolve)
    socket.on('close', () => resolve())
    void gone.then(() => socket.destroy())
  })
  const whole = closed.then(async () => {
    // The other socket reports what happened to the host or the keeper.
    if (!isKnown(known)) await within(patience, gone, () => new Error('it is not said')).catch(() => undefined)
    const read = [stdout, stderr].map((stream) => new Promise((resolve) => stream.once('close', resolve)))
    stdout.end()
    stderr.end()
    tell(known)
    await Promise.all(read)
    socket.destroy()
  })
  const ended = Promise.race([whole, gone]).then(() => known)
  return {
    stdin: inputOf(socket),
    stdout,
    stderr,
    exited,
    ended,
    close() {
      socket.destroy()
      stdout.resume()
      stderr.resume()
    },
  }
}

const isKnown = ({ status, signal }: ProcessEnd): boolean => status !== undefined || signal !== undefined

function inputOf(socket: Socket): Writable {
  const pass = (chunk: Buffer, done: () => void) => {
    if (sendFrame(socket, streams.stdin, chunk) || socket.destroyed) return done()
    const go = () => {
      socket.off('drain', go).off('close', go)
      done()
    }
    socket.once('drain', go).once('close', go)
  }
  return new Writable({
    write: (chunk: Buffer, _encoding, done) => pass(chunk, done),
    writev: (chunks, done) => pass(Buffer.concat(chunks.map(({ chunk }) => chunk as Buffer)), done),
    final(done) {
      if (!socket.destroyed) sendFrame(socket, words.eof, Buffer.alloc(0))
      done()
    },
  })
}

function lostError(host: string, said: string): HostwrightError {
  const { lost = 'what kept it has ended' } = JSON.parse(said) as { lost?: string }
  return new HostwrightError(lost.startsWith('the connection') ? lost : `the connection was lost: ${lost}`, {
    kind: 'unreachable',
    host,
    next: 'see whether the host is up; run again when it is',
  })
}
