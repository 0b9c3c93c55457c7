import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A program to run where the lab's hosts are, and how long it may take. */
export interface Command {
  readonly argv: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly cwd?: string
  /** Seconds until it is ended and does not count. */
  readonly limit: number
  /** What outlives it is left alone, for the runs after it. */
  readonly stay?: boolean
}

/** What a command cost the controller, with all the processes it started. */
export interface Cost {
  /** Seconds since the epoch. */
  readonly started: number
  readonly wall: number
  /** User and system time, in seconds. */
  readonly cpu: number
  /** Bytes at the highest; 0 where it was not looked at. */
  readonly peak: number
  /** Bytes that went out to the hosts, with all headers. */
  readonly sent: number
  readonly status: number
  readonly late: boolean
  readonly stdout: string
  readonly stderr: string
}

export interface How {
  /** Words before every command that put it onto the lab's network. */
  readonly inside: readonly string[]
  /** A folder for what it prints. */
  readonly folder: string
  /** Look at its memory, which costs a little time. */
  readonly memory: boolean
  /** Ends what runs. */
  readonly signal: AbortSignal
}

const accountant = fileURLToPath(new URL('account.py', import.meta.url))

/** What a login gives, and nothing else of this shell: Node reads certificates that are named there at every start, for one. */
function plain(): NodeJS.ProcessEnv {
  const { HOME, LANG, LOGNAME, PATH, SHELL, TERM, USER } = process.env
  return { HOME, LANG, LOGNAME, PATH, SHELL, TERM, USER }
}

export async function measure(
  { argv, env, cwd, limit, stay = false }: Command,
  { inside, folder, memory, signal }: How,
): Promise<Cost> {
  const files = { out: join(folder, 'stdout'), err: join(folder, 'stderr'), report: join(folder, 'cost.json') }
  const [out, err] = [openSync(files.out, 'w'), openSync(files.err, 'w')]
  const [program = '', ...args] = [
    ...inside,
    ...['/usr/bin/python3', accountant, files.report, memory ? '1' : '0', stay ? '1' : '0', String(limit), '--'],
    ...argv,
  ]
  const child = spawn(program, args, {
    stdio: ['ignore', out, err],
    env: { ...plain(), ...env },
    ...(cwd === undefined ? {} : { cwd }),
  })
  const stop = () => child.kill()
  signal.addEventListener('abort', stop, { once: true })
  const [code] = (await once(child, 'exit')) as [number | null]
  signal.removeEventListener('abort', stop)
  signal.throwIfAborted()
  closeSync(out)
  closeSync(err)
  const [stdout, stderr] = [readFileSync(files.out, 'utf8'), readFileSync(files.err, 'utf8')]
  if (code !== 0) throw new Error(`the measurement itself failed (${code ?? 'a signal'}):\n${stderr}`)
  return { ...(JSON.parse(readFileSync(files.report, 'utf8')) as Omit<Cost, 'stdout' | 'stderr'>), stdout, stderr }
}
