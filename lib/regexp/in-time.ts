import { isNativeError } from 'node:util/types'
import { createContext, Script, type Context } from 'node:vm'
import { HostwrightError } from '../error.ts'

/** An expression, and how many characters it is tried on; `written` is the expression as the user wrote it. */
export interface Search {
  readonly written: string
  readonly characters: number
  /** The most steps it can take. */
  readonly steps: number
}

/** An expression of at most this many steps takes less than a second, so it runs without a time limit. Most take far fewer. */
const freeSteps = 100_000_000
const defaultSeconds = 10
/** The limit for an expression that has timed out before. A hundred hosts with the same file must not wait a hundred times. */
const secondsAfterwards = 0.1
const mostRemembered = 1000

const usedUp = new Set<string>()

/** Remaining steps of the current search; undefined if there is none. */
let left: number | undefined
/** The current or last search. */
let latest: Search | undefined

/** Thrown when the free steps are used up. The search then starts again, with a time limit. */
class NeedsWatch extends Error {}

/**
 * Runs a function that searches with regular expressions, with a limit of ten seconds (`HOSTWRIGHT_REGEXP_SECONDS`). A search with much backtracking blocks
 * all timers and signals of the process, so Node itself ends it, also at Ctrl-C. The limit costs 0.2 ms. So short searches run without it, and longer ones
 * start a second time with it: the function must have no effects.
 *
 * @param where What is searched, for the message.
 * @throws HostwrightError that names the expression whose time is up.
 */
export function inTime<T>(run: () => T, where?: string): T {
  if (left !== undefined) return run()
  try {
    return counted(freeSteps, run)
  } catch (error) {
    if (error instanceof NeedsWatch) return watched(run, where)
    throw error
  }
}

/** Runs one search under the time limit, alone or as a part of what {@link inTime} runs. */
export function searchInTime<T>(search: Search, run: () => T): T {
  if (left === undefined) return inTime(() => searchInTime(search, run))
  latest = search
  left -= search.steps
  if (left < 0) throw new NeedsWatch()
  return run()
}

function counted<T>(steps: number, run: () => T): T {
  left = steps
  try {
    return run()
  } finally {
    left = undefined
  }
}

/** After Ctrl-C no search starts for this long, so that the process can handle the signal first. */
const millisecondsInterrupted = 1000
let interrupted = false

let place: Context | undefined
let script: Script | undefined

function watched<T>(run: () => T, where: string | undefined): T {
  if (interrupted) throw interruptedError()
  const seconds = secondsFor(latest)
  const done: { value?: T } = {}
  place ??= createContext({})
  script ??= new Script('run()')
  place['run'] = () => {
    done.value = counted(Infinity, run)
  }
  try {
    script.runInContext(place, { timeout: seconds * 1000, breakOnSigint: true })
  } catch (error) {
    throw asFailure(error, seconds, where)
  } finally {
    left = undefined
    place['run'] = undefined
  }
  return done.value as T
}

function secondsFor(search: Search | undefined): number {
  const whole = Number(process.env['HOSTWRIGHT_REGEXP_SECONDS'] || defaultSeconds)
  return search !== undefined && usedUp.has(search.written) ? Math.min(whole, secondsAfterwards) : whole
}

function asFailure(error: unknown, seconds: number, where: string | undefined): unknown {
  // Node's own errors belong to the other context, whose Error is not ours.
  const code = isNativeError(error) && 'code' in error ? error.code : undefined
  if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return tooLong(`it was ended after ${seconds} s`, where)
  // The engine's stack for backtracking has overflowed.
  if (error instanceof RangeError) return tooLong('it needs too much memory', where)
  if (code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') return error
  // Node consumed the signal: send it again for the handlers of the run.
  process.kill(process.pid, 'SIGINT')
  interrupted = true
  setTimeout(() => (interrupted = false), millisecondsInterrupted).unref()
  return interruptedError()
}

function interruptedError(): HostwrightError {
  return new HostwrightError('the search with a regular expression was interrupted')
}

function tooLong(why: string, where: string | undefined): HostwrightError {
  const { written, characters } = latest ?? { written: '', characters: 0 }
  if (usedUp.size >= mostRemembered) usedUp.clear()
  usedUp.add(written)
  return new HostwrightError(
    `the regular expression ${JSON.stringify(written)} tries too many ways to match ${characters} characters${where === undefined ? '' : ` of ${where}`}: ${why}`,
    {
      next: 'write it without a repetition inside another (a+ for (a+)+), or allow it more seconds with HOSTWRIGHT_REGEXP_SECONDS',
    },
  )
}
