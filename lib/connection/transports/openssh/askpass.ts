import { createServer, type Socket } from 'node:net'
import type { Secret } from '../../../secret.ts'
import { packageRoot } from '../../../package-root.ts'
import type { OpenSshOptions } from '../../settings/openssh-options.ts'

/** Answers what ssh asks through `bin/ssh-askpass`, until it is closed. */
export interface Answering {
  /** Environment variables for ssh. They hold no secret, because ssh passes them on to its children. */
  readonly environment: Readonly<Record<string, string>>
  /** Answers this process only. The ssh of a jump host asks in the same way and must not get the password. */
  only(pid: number): void
  close(): void
}

/** Listens on a Unix socket. Its folder must be one that only this user can enter. */
export async function answerQuestions(
  { password, passphrase }: Pick<OpenSshOptions, 'password' | 'passphrase'>,
  path: string,
): Promise<Answering> {
  let tellPid: (pid: number) => void = () => undefined
  const asked = new Promise<number>((resolve) => (tellPid = resolve))
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    void question(socket).then(async ({ prompt, asker }) => {
      const answer = asker === (await asked) ? answerTo(prompt, { password, passphrase }) : undefined
      socket.end(JSON.stringify(answer === undefined ? {} : { answer: answer.reveal() }))
    })
  })
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(path, resolve))
  return {
    environment: {
      SSH_ASKPASS: `${packageRoot}/bin/ssh-askpass`,
      SSH_ASKPASS_REQUIRE: 'force',
      // Before 8.4, ssh asks a program only where there is a display.
      DISPLAY: process.env['DISPLAY'] ?? ':0',
      HOSTWRIGHT_ASKPASS: path,
      HOSTWRIGHT_NODE: process.execPath,
    },
    only: (pid) => tellPid(pid),
    close: () => void server.close(),
  }
}

/** The answer to a question of ssh. Questions about a host key or the PIN of a token get none. */
export function answerTo(
  prompt: string,
  { password, passphrase }: { readonly password?: Secret | undefined; readonly passphrase?: Secret | undefined },
): Secret | undefined {
  if (/^Enter passphrase for /.test(prompt)) return passphrase
  if (/yes\/no|'yes'|^Enter PIN |^PIN /.test(prompt)) return undefined
  // Keyboard-interactive: the words are the host's, behind the user and the host.
  return /^\([^)]*@[^)]*\) |password|passcode/i.test(prompt) ? password : undefined
}

interface Question {
  readonly prompt: string
  readonly asker: number
}

function question(socket: Socket): Promise<Question> {
  const pieces: Buffer[] = []
  return new Promise((resolve) => {
    socket.on('error', () => socket.destroy())
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    socket.on('end', () => resolve(readQuestion(Buffer.concat(pieces).toString())))
  })
}

function readQuestion(text: string): Question {
  try {
    const { prompt, asker } = JSON.parse(text) as Partial<Record<keyof Question, unknown>>
    return { prompt: String(prompt), asker: Number(asker) }
  } catch {
    return { prompt: '', asker: -1 }
  }
}
