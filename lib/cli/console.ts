import type { Environment } from './options/options.ts'
import { booleanOf } from '../schema/boolean.ts'

/** Where a command runs: the terminal or the pipes, the folder and the environment. Tests bring their own. */
export interface Console {
  readonly cwd: string
  readonly env: Environment
  out(text: string): void
  err(text: string): void
  readonly outIsTerminal: boolean
  readonly errIsTerminal: boolean
  /** How wide a banner may be. */
  columns(): number
  /** Asks on the terminal; the answer to a `secret` question is not shown. */
  ask(question: string, options?: { readonly secret?: boolean }): Promise<string>
  /** Calls back while a run is under way; gives back what ends that. */
  watch(calls: Watch): () => void
  /** Ends the process at once, whatever is under way. */
  exitNow(code: number): void
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export interface Watch {
  /** The user wants to stop. */
  readonly interrupt: () => void
  /** Something was thrown that nobody caught. */
  readonly crash: (thrown: unknown) => void
}

/** The console of this process. */
export function processConsole(): Console {
  ignoreClosedPipe()
  const { stdout, stderr } = process
  return {
    cwd: process.cwd(),
    env: process.env,
    out: (text) => void stdout.write(text),
    err: (text) => void stderr.write(text),
    outIsTerminal: stdout.isTTY === true,
    errIsTerminal: stderr.isTTY === true,
    // Ansible leaves the last column of a terminal free, and takes 79 where there is none.
    columns: () => (stdout.isTTY && stdout.columns > 1 ? stdout.columns - 1 : 79),
    async ask(question, options) {
      const { askOnTerminal } = await import('./options/ask.ts')
      return askOnTerminal(question, options?.secret === true)
    },
    watch({ interrupt, crash }) {
      for (const signal of signals) process.on(signal, interrupt)
      process.on('uncaughtException', crash)
      return () => {
        for (const signal of signals) process.off(signal, interrupt)
        process.off('uncaughtException', crash)
      }
    },
    exitNow: (code) => process.exit(code),
  }
}

let ignoring = false

/** When the reader of a pipe goes away (`| head`), a run that is under way goes on to its end. */
function ignoreClosedPipe(): void {
  if (ignoring) return
  ignoring = true
  for (const stream of [process.stdout, process.stderr])
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') lost(stream === process.stdout ? 'standard output' : 'standard error', error)
    })
}

let isLost = false

/** An output can no longer be written, for example because the disk is full. The run goes on, so that no host is left halfway, but ends with an error status. */
function lost(what: string, { message }: Error): void {
  if (isLost) return
  isLost = true
  process.stderr.write(`ERROR! ${what} cannot be written: ${message}; the run goes on, and ends with status 1\n`)
  process.once('exit', (code) => {
    if (code === 0) process.exitCode = 1
  })
}

/** Colours on terminals only; asked for through the environment they come anyway, as in Ansible. */
export function wantsColour({ env, outIsTerminal }: Pick<Console, 'env' | 'outIsTerminal'>): boolean {
  if (booleanOf(env['ANSIBLE_FORCE_COLOR'] ?? '') === true) return true
  if (booleanOf(env['ANSIBLE_NOCOLOR'] ?? '') === true || (env['NO_COLOR'] ?? '') !== '' || env['TERM'] === 'dumb')
    return false
  return outIsTerminal
}

/** Can lines be drawn over? */
export function isLive({ env, errIsTerminal }: Pick<Console, 'env' | 'errIsTerminal'>): boolean {
  return errIsTerminal && env['TERM'] !== 'dumb'
}
