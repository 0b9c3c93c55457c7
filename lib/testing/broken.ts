import { AssertionError, deepStrictEqual } from 'node:assert'
import { inspect } from 'node:util'

/** The error of a promise that does not hold, with what shows it. */
export function broken(what: string, shown?: unknown): AssertionError {
  return new AssertionError({ message: shown === undefined ? what : `${what}: ${inspect(shown, { depth: 5 })}` })
}

/** Throws an error that shows where two values differ. */
export function mustEqual(actual: unknown, expected: unknown, what: string): void {
  try {
    deepStrictEqual(actual, expected)
  } catch (error) {
    throw new AssertionError({ message: `${what}\n${(error as Error).message}`, actual, expected })
  }
}
