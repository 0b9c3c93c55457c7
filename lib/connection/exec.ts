import { constants } from 'node:os'
import type { Duplex } from 'node:stream'
import { HostwrightError } from '../error.ts'
import type { Script } from '../quote.ts'
import type { ExecOptions, Reply } from './connection.ts'
import type { Opened } from './open.ts'
import { tooMuchOutput } from './output-limit.ts'
import { Gathered } from './gathered.ts'
import { LargeAnswer } from './large-answers.ts'
import type { Ended } from './process.ts'
import type { RoundTrips } from './round-trips.ts'
import { joinStreams } from './streams.ts'
import { scriptLines } from './requests.ts'

/** What running a script by itself needs from its connection. */
export interface ExecHome {
  readonly host: string
  readonly commandTimeout: number
  readonly outputLimit: number
  readonly trips: RoundTrips
  lost(): HostwrightError | undefined
  /** Ends a program and what it started. Never rejects. */
  endTree(pid: number): Promise<void>
}

/** Runs a script in a program that listens for one (`onceText`), to its end or until it is cut off. */
export async function runOnce(home: ExecHome, process: Opened, script: Script, options: ExecOptions): Promise<Reply> {
  const seconds = options.timeout ?? home.commandTimeout
  const cutOff = cutting(home, seconds, options.signal)
  const depth = home.trips.ask()
  const feeding = feed(process, script, options)
  feeding.catch(() => undefined)
  const large = new LargeAnswer(process.stdout, process.stderr)
  let pid: number | undefined
  try {
    pid = await Promise.race([process.listening, cutOff.promise])
    const { stdout, stderr, full } = collect(home, process, options, large)
    const ended = await Promise.race([over(process), cutOff.promise, full, feeding.then(() => over(process))])
    if (ended.status === undefined && ended.signal === undefined) throw home.lost() ?? vanished(home.host)
    home.trips.answer(depth)
    return { status: statusOf(ended), stdout: stdout.take(), stderr: stderr.take() }
  } catch (error) {
    if (pid !== undefined) await home.endTree(pid)
    throw error
  } finally {
    large.over()
    cutOff.stop()
    process.close()
  }
}

/** A script's standard streams as one. Its end comes with the program's; what it complained about comes as the error. */
export function duplexOf(home: ExecHome, process: Opened, script: Script): Duplex {
  let words = ''
  let depth = home.trips.ask()
  let answered = false
  let came = 0
  const duplex = joinStreams(process.stdout, process.stdin, () => process.close(), {
    after: process.listening,
    onWrite: () => {
      if (answered) depth = home.trips.ask()
      answered = false
      came = 0
    },
    onRead: (bytes) => {
      home.trips.answer(depth)
      answered = true
      came += bytes
      if (came > home.outputLimit)
        duplex.destroy(tooMuchOutput(home.outputLimit, 'the stream was closed').at({ host: home.host }))
    },
  })
  const listens = () => {
    process.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4096)))
    process.stderr.resume()
    void process.ended.then((ended) => {
      if (duplex.destroyed) return
      const { status, signal } = ended
      if (status === 0) return void duplex.push(null)
      const why = words.trim() === '' ? `ended with status ${status ?? signal ?? 'unknown'}` : words.trim()
      duplex.destroy(
        home.lost() ?? new HostwrightError(`the stream to the host broke off: ${why}`, { host: home.host }),
      )
    })
  }
  process.listening.then(listens, (error: unknown) => duplex.destroy(error as Error))
  process.stdin.write(programInput(script))
  return duplex
}

function programInput(script: Script): string {
  const { count, text } = scriptLines(script)
  return `${count}\n${text}`
}

/** What a program says, as it comes. `full` rejects when that is more than the limit; the program is kept waiting then, for somebody to end it. */
function collect(home: ExecHome, process: Opened, { onOutput, outputLimit }: ExecOptions, large: LargeAnswer) {
  const limit = outputLimit ?? home.outputLimit
  const said = { stdout: new Gathered(), stderr: new Gathered() }
  let size = 0
  const full = new Promise<never>((_, reject) => {
    for (const stream of ['stdout', 'stderr'] as const) {
      process[stream].on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= limit) {
          said[stream].push(chunk)
          large.keeps(size)
          return onOutput?.(chunk, stream)
        }
        said.stdout.drop()
        said.stderr.drop()
        large.over()
        process.stdout.pause()
        process.stderr.pause()
        reject(tooMuchOutput(limit, 'the command was ended').at({ host: home.host }))
      })
      process[stream].resume()
    }
  })
  full.catch(() => undefined)
  return { ...said, full }
}

/** Writes the script and its input. Rejects only when the source of the input does: a program need not read all of it. */
async function feed(process: Opened, script: Script, options: ExecOptions): Promise<void> {
  const { stdin } = process
  let over = false
  let wake = () => {}
  const end = () => {
    over = true
    wake()
  }
  // A broken pipe ends the feeding: the program has ended or closed its input.
  stdin.on('error', end).on('close', end)
  stdin.on('drain', () => wake())
  void process.exited.then(end)
  stdin.write(programInput(script))
  if (options.input !== undefined) stdin.write(options.input)
  if (options.stdin !== undefined)
    for await (const chunk of options.stdin) {
      if (over || stdin.writableEnded) break
      if (!stdin.write(chunk)) await new Promise<void>((resolve) => (wake = resolve))
      if (over) break
    }
  stdin.end()
}

/**
 * The end of a program: of its streams, or of itself once its streams are silent for a second. Something that it left running in
 * the background may hold them open for ever.
 */
async function over(process: Opened): Promise<Ended> {
  let silence: NodeJS.Timeout | undefined
  const silent = process.exited.then(
    (ended) =>
      new Promise<Ended>((resolve) => {
        if (ended.status === undefined && ended.signal === undefined) return
        const wait = () => {
          clearTimeout(silence)
          silence = setTimeout(() => resolve(ended), 1000)
        }
        process.stdout.on('data', wait)
        process.stderr.on('data', wait)
        wait()
      }),
  )
  return Promise.race([process.ended, silent]).finally(() => clearTimeout(silence))
}

function cutting(home: ExecHome, seconds: number, signal: AbortSignal | undefined) {
  let stop = () => {}
  const promise = new Promise<never>((_, reject) => {
    const late = () =>
      reject(
        new HostwrightError(`not finished within ${seconds} seconds; the command was ended`, {
          kind: 'failed',
          host: home.host,
          next: 'see on the host what it waits for, or raise the timeout',
        }),
      )
    const aborted = () =>
      reject(new HostwrightError('the command was cut off', { kind: 'failed', host: home.host, cause: signal?.reason }))
    const timer = setTimeout(late, seconds * 1000)
    signal?.addEventListener('abort', aborted)
    stop = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', aborted)
    }
    if (signal?.aborted === true) aborted()
  })
  promise.catch(() => {})
  return { promise, stop: () => stop() }
}

/** As the shell counts them: 128 and the signal's number. */
function statusOf({ status, signal }: Ended): number {
  if (status !== undefined) return status
  const numbers: Readonly<Record<string, number>> = constants.signals
  const name = signal?.startsWith('SIG') === true ? signal : `SIG${signal ?? ''}`
  return 128 + (numbers[name] ?? 0)
}

function vanished(host: string): HostwrightError {
  return new HostwrightError('the command ended without a status', {
    kind: 'unreachable',
    host,
    next: 'see in the host’s log whether it was killed, and run again',
  })
}
