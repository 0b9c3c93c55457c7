import { randomBytes } from 'node:crypto'
import { HostwrightError } from '../../error.ts'
import { becomeError, startCommand } from '../become.ts'
import type { Become } from '../connection.ts'
import { prelude, readyPattern } from './loop.ts'
import type { HostProcess, StartOptions, Transport } from './process.ts'

/** A program of `loop.ts` that may be written to. */
export interface Opened extends HostProcess {
  /**
   * The number of its process on the host. Resolves when it is ready for input; until then nothing may be read, because what comes before is not its
   * output. Rejects when it could not be started.
   */
  readonly listening: Promise<number>
  /** Its streams are those of a terminal: no end of input, and no standard error of its own. */
  readonly pty: boolean
}

export type Start = (command: string, options?: StartOptions) => Promise<HostProcess>

const longestTalk = 16_384

/**
 * Starts a program of `loop.ts` and answers the question for a password. Where nobody can ask for one, it returns at once: what is written then waits for the
 * program, which saves a round trip. Nothing but a password is ever written to a question.
 */
export async function openProgram(
  transport: Pick<Transport, 'host' | 'lost' | 'keepsEarly'>,
  start: Start,
  text: (nonce: string) => string,
  options: { readonly become?: Become | undefined; readonly seconds: number },
): Promise<Opened> {
  const nonce = randomBytes(8).toString('hex')
  const { become } = options
  const { command, prompt, pty, asks } = startCommand(text(nonce), nonce, become)
  const process = await start(command, { pty })
  process.stdin.on('error', () => {
    // A broken pipe: the process has ended, and `ended` says so.
  })
  const dialog = { become, prompt, ready: readyPattern(nonce), seconds: options.seconds }
  const listening = listens(process, dialog).catch((error: unknown): never => {
    process.close()
    if (transport.lost !== undefined) throw transport.lost
    throw error instanceof HostwrightError ? error.at({ host: transport.host }) : error
  })
  if (asks || transport.keepsEarly !== true) await listening
  else listening.catch(() => undefined)
  process.stdin.write(prelude(nonce))
  return { ...process, listening, pty }
}

interface Dialog {
  readonly become: Become | undefined
  readonly prompt: RegExp
  readonly ready: RegExp
  readonly seconds: number
}

/** Resolves with the program's process id; the streams are paused then, and hold nothing that came before. */
function listens(process: HostProcess, { become, prompt, ready, seconds }: Dialog): Promise<number> {
  return new Promise((resolve, reject) => {
    let out = Buffer.alloc(0)
    let err = ''
    let asked = 0
    let over = false

    const finish = (settle: () => void) => {
      if (over) return
      over = true
      clearTimeout(timer)
      process.stdout.off('data', onOut)
      process.stderr.off('data', onErr)
      settle()
    }
    const fail = (reason: 'ended' | 'asked' | 'asked again' | 'late') =>
      finish(() => reject(startError(become, `${err}\n${out.toString()}`, reason, seconds)))

    const answer = (talk: string) => {
      if (become === undefined || !prompt.test(talk)) return false
      asked += 1
      if (become.password === undefined) fail('asked')
      else if (asked > 1) fail('asked again')
      else process.stdin.write(`${become.password.reveal()}\n`)
      return true
    }
    const onOut = (chunk: Buffer) => {
      // An early write may be answered in the same chunk, and the answer may be long.
      out = Buffer.concat([out, chunk])
      const talk = out.toString('latin1')
      const found = ready.exec(talk)
      if (found === null) {
        out = answer(talk) ? Buffer.alloc(0) : out.subarray(-longestTalk)
        return
      }
      const rest = out.subarray(found.index + found[0].length)
      finish(() => {
        process.stdout.pause()
        process.stderr.pause()
        if (rest.length > 0) process.stdout.unshift(rest)
        resolve(Number(found[1]))
      })
    }
    const onErr = (chunk: Buffer) => {
      err = (err + chunk.toString()).slice(-longestTalk)
      // The question is taken out, so that it is not taken for a second one; what was said besides stays for the error.
      if (answer(err)) err = err.replace(prompt, '')
    }
    const timer = setTimeout(() => fail('late'), seconds * 1000)
    process.stdout.on('data', onOut)
    process.stderr.on('data', onErr)
    void process.ended.then(() => fail('ended'))
  })
}

function startError(
  become: Become | undefined,
  words: string,
  reason: 'ended' | 'asked' | 'asked again' | 'late',
  seconds: number,
): HostwrightError {
  if (become !== undefined) return becomeError(become, words, reason)
  const text = words.trim()
  const what = reason === 'late' ? `no shell within ${seconds} seconds` : 'the host gave no shell'
  return new HostwrightError(text === '' ? what : `${what}: ${text}`, {
    kind: 'unreachable',
    next: 'check that the login user has a working shell: `ssh host true`',
    data: { said: text },
  })
}
