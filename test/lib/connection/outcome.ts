import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../lib/error.ts'

/** The error that a promise must end in. */
export async function rejected(promise: Promise<unknown>): Promise<HostwrightError> {
  const error: unknown = await promise.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  assert.instance(error, HostwrightError, `an error of ours was expected, not ${String(error)}`)
  return error as HostwrightError
}
