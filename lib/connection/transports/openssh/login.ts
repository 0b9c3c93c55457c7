import { existsSync, mkdtempSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { within } from '../../wire/process.ts'
import { answerQuestions } from './askpass.ts'
import { loginCommand } from './command-line.ts'
import { loginError } from './errors.ts'
import { guarded } from './guarded.ts'
import type { OpenSshOptions } from '../../settings/openssh-options.ts'

/** A host that the system's own ssh has logged in to. */
export interface Login {
  /** Where other ssh processes ask it to run programs. */
  readonly socket: string
  /** Resolves when ssh has ended, for whatever reason. */
  readonly gone: Promise<void>
  /** The output of ssh so far. */
  words(): string
  /** Is ssh still connected? */
  answers(): Promise<boolean>
  close(): Promise<void>
}

/** Added to ssh's own connection timeout: the user may have to touch a token. */
const secondsToAuthenticate = 30

/** Logs in to a host. */
export async function logIn(host: string, options: OpenSshOptions, connectTimeout: number): Promise<Login> {
  const folder = mkdtempSync(join(socketBase(), 'hostwright-'))
  const socket = join(folder, 's')
  const asks = options.password !== undefined || options.passphrase !== undefined
  const answering = asks ? await answerQuestions(options, join(folder, 'a')) : undefined
  const command = loginCommand(options, socket, connectTimeout)
  const attempt = { host, options, command, connectTimeout }
  const ssh = guarded(folder, command, answering?.environment ?? {})
  if (answering !== undefined) void ssh.pid.then(answering.only)
  try {
    const seconds = connectTimeout + secondsToAuthenticate
    await within(seconds, ssh.silent, () => loginError(attempt, ssh.words(), 'late'))
    // ssh listens on its socket before it closes its standard output.
    if (!existsSync(socket)) {
      const status = await ssh.end()
      throw loginError(attempt, ssh.words(), status)
    }
    const ended = hangUp(socket).then(async () => void (await ssh.end()))
    return {
      socket,
      gone: ended,
      words: ssh.words,
      answers: () => answers(socket),
      close: async () => void (await ssh.end()),
    }
  } catch (error) {
    void ssh.end()
    throw error
  } finally {
    answering?.close()
  }
}

/** A short path: ssh appends 17 letters to it at first, and the path of a socket is limited. */
function socketBase(): string {
  const runtime = process.env['XDG_RUNTIME_DIR'] ?? ''
  const fits = (base: string) => base.startsWith('/') && existsSync(base) && Buffer.byteLength(base) < 60
  return [runtime, tmpdir()].find(fits) ?? '/tmp'
}

/** Connects to ssh's socket, where ssh sends a greeting as long as it is connected to the host. */
function answers(socket: string): Promise<boolean> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    const tell = (alive: boolean) => {
      connection.destroy()
      resolve(alive)
    }
    connection.once('data', () => tell(true)).once('error', () => tell(false))
    connection.once('close', () => tell(false))
  })
}

/** Resolves when ssh ends, and with it a connection to its socket. */
function hangUp(socket: string): Promise<void> {
  return new Promise((resolve) => {
    const connection = connect(socket)
    connection.on('error', () => resolve()).once('close', () => resolve())
    connection.resume()
  })
}
