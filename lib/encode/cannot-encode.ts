import { HostwrightError } from '../error.ts'

/** A value that a format has no way to write. The message gives the reason and never the value, which may be a secret. */
export class CannotEncode extends HostwrightError {
  constructor(reason: string) {
    super(reason, { kind: 'input', next: 'give another value: this format has no way to write this one' })
  }
}

/** What {@link CannotEncode} says of this encoding, under the name of the parameter; nothing when the value can be written. */
export function encodingComplaints(parameter: string, encode: () => unknown): readonly string[] {
  try {
    encode()
    return []
  } catch (error) {
    if (error instanceof CannotEncode) return [`"${parameter}": ${error.message}`]
    throw error
  }
}
