import { constants } from 'node:os'
import type { Duplex } from 'node:stream'
import { HostwrightError } from '../../error.ts'
import type { Script } from '../../quote.ts'
import type { ExecOptions, Reply } from '../connection.ts'
import type { Cut } from './cut.ts'
import { endHeard, type Ender } from './end-heard.ts'
import { ended, mayStillRun, type Ending } from './ending.ts'
import type { Opened } from './open.ts'
import { tooMuchOutput } from './output-limit.ts'
import { Gathered } from './gathered.ts'
import { LargeAnswer } from './large-answers.ts'
import type { ProcessEnd } from './process.ts'
import type { RoundTrips } from './round-trips.ts'
import { joinStreams } from './streams.ts'
import { scriptLines } from './requests.ts'

/** What running a script by itself needs from its connection. */
export interface ExecHome extends Ender {
  readonly host: string
  readonly commandTimeout: number
  readonly outputLimit: number
  readonly trips: RoundTrips
  /** All that runs over the connection. */
  readonly all: Cut
}

/** Runs a script in a program that listens for one (`onceText`), to its end or until it is cut off. */
export async function runOnce(home: ExecHome, process: Opened, script: Script, options: ExecOptions): Promise<Reply> {
  const seconds = options.timeout ?? home.commandTimeout
  const cutOff = cutting(home, seconds, options)
  const depth = home.trips.ask()
  const feeding = feed(process, script, options)
  feeding.catch(() => undefined)
  const large = new LargeAnswer(process.stdout, process.stderr)
  let ending: Ending = ended
  try {
    const early = await Promise.race([process.listening, cutOff.asked])
    if (typeof early === 'function') {
      ending = await endHeard(home, process.listening)
      throw early(ending)
    }
    const { stdout, stderr, full } = collect(home, process, options, large)
    const last = await Promise.race([over(process), cutOff.asked, full, feeding.then(() => over(process))]).catch(
      async (error: unknown) => {
        ending = await home.endTree(early)
        throw error
      },
    )
    if (typeof last === 'function') {
      ending = await home.endTree(early)
      throw last(ending)
    }
    if (last.status === undefined && last.signal === undefined) throw home.lost() ?? vanished(home.host)
    home.trips.answer(depth)
    return { status: statusOf(last), stdout: stdout.take(), stderr: stderr.take() }
  } finally {
    large.over()
    cutOff.stop(ending)
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

/** Collects a program's output. `full` rejects when it is longer than the limit. The output is then no longer read, so the program waits until the caller ends it. */
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
async function over(process: Opened): Promise<ProcessEnd> {
  let silence: NodeJS.Timeout | undefined
  const silent = process.exited.then(
    (ended) =>
      new Promise<ProcessEnd>((resolve) => {
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

/** What a command that is ended before its time fails with. */
type Failure = (ending: Ending) => HostwrightError

/** `asked` resolves when a command has to end: its time is over, or somebody cuts it off. `stop` ends the watch, and takes how the command ended. */
function cutting({ host, all }: ExecHome, seconds: number, { signal, cut }: ExecOptions) {
  let tell: (ending: Ending) => void = () => undefined
  const told = new Promise<Ending>((resolve) => (tell = resolve))
  let ask: (failure: Failure) => void = () => undefined
  const asked = new Promise<Failure>((resolve) => (ask = resolve))
  const aborted = () =>
    ask((ending) => {
      const left = mayStillRun([ending], host)
      const message = `the command was cut off${left === undefined ? '' : `; ${left}`}`
      return new HostwrightError(message, { kind: 'failed', host, cause: signal?.reason })
    })
  const end = () => {
    aborted()
    return told
  }
  const timer = setTimeout(() => ask((ending) => lateError(host, seconds, ending)), seconds * 1000)
  const unwatch = [all, cut].map((one) => one?.watch(end))
  signal?.addEventListener('abort', aborted)
  if (signal?.aborted === true || all.over || cut?.over === true) aborted()
  const stop = (ending: Ending) => {
    clearTimeout(timer)
    for (const off of unwatch) off?.()
    signal?.removeEventListener('abort', aborted)
    tell(ending)
  }
  return { asked, stop }
}

function lateError(host: string, seconds: number, ending: Ending): HostwrightError {
  const left = mayStillRun([ending], host)
  return new HostwrightError(`not finished within ${seconds} seconds; ${left ?? 'the command was ended'}`, {
    kind: 'failed',
    host,
    next: 'see on the host what it waits for, or raise the timeout',
  })
}

/** As the shell counts them: 128 and the signal's number. */
function statusOf({ status, signal }: ProcessEnd): number {
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
