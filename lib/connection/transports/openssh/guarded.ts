import { spawn } from 'node:child_process'
import { within } from '../../wire/process.ts'

/** An ssh process that ends when this process ends. */
export interface Guarded {
  /** Resolves when it closes its standard output: ssh does so after the login, or when it ends. */
  readonly silent: Promise<void>
  /** Its process id. Never resolves when it cannot be started. */
  readonly pid: Promise<number>
  /** Its standard error so far. */
  words(): string
  /** Ends it, and gives its status where there is one. */
  end(): Promise<number | undefined>
}

/**
 * Runs a command for as long as our end of the standard input is open: when the controller is killed, nobody else would end an ssh that has no session of its own,
 * which could break off. Its folder goes with it.
 */
const guard = [
  '"$@" </dev/null & p=$!; echo "$p"; exec >&- 2>&-',
  'read -r x; kill "$p"; wait "$p"; s=$?; rm -rf -- "$0"; exit "$s"',
].join('; ')

const longestWords = 16_384

/** Starts it in a session of its own: Ctrl-C at the controller's terminal is the controller's to handle. */
export function guarded(
  folder: string,
  command: readonly string[],
  environment: Readonly<Record<string, string>>,
): Guarded {
  const child = spawn('/bin/sh', ['-c', guard, folder, ...command], {
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
    env: { ...process.env, ...environment },
  })
  const status = new Promise<number | undefined>((resolve) => {
    child.once('error', () => resolve(undefined))
    child.once('exit', (code) => resolve(code ?? undefined))
  })
  const silent = new Promise<void>((resolve) => child.stdout.once('close', resolve))
  const pid = new Promise<number>((resolve) => {
    let text = ''
    child.stdout.on('data', (piece: Buffer) => {
      text += piece.toString()
      if (text.includes('\n')) resolve(Number.parseInt(text))
    })
  })
  let words = ''
  child.stderr.on('data', (piece: Buffer) => (words = (words + piece.toString()).slice(-longestWords)))
  const heard = new Promise<void>((resolve) => child.stderr.once('close', resolve))
  child.stdin.on('error', () => undefined)
  return {
    silent,
    pid,
    words: () => words.trim().replaceAll('\r', ''),
    async end() {
      child.stdin.end()
      const ended = await status
      // Waits for the rest of its output, but not for ever: a child may keep the stream open.
      await within(1, heard, () => new Error('late')).catch(() => child.stderr.destroy())
      return ended
    },
  }
}
