import { HostwrightError } from '../../error.ts'

const megabyte = 1_000_000

/** Megabytes of one answer, its outputs together, unless `ansible_output_limit` or the caller says otherwise. */
export const usualOutputLimit = 64

/** Beyond these megabytes no text can hold an answer. */
export const mostOutputLimit = 500

/** So many megabytes in bytes. */
export function megabytes(count: number): number {
  return count * megabyte
}

/** What a request or command fails with whose outputs are longer than the limit in bytes; `then` says how it ended. */
export function tooMuchOutput(limit: number, then: string): HostwrightError {
  const size = limit >= megabyte ? `${limit / megabyte} MB` : `${limit} bytes`
  return new HostwrightError(`its output is longer than ${size}, the most that is read of one answer; ${then}`, {
    data: { output_limit: limit },
    next: `have it write less, or into a file on the host; or raise ansible_output_limit (megabytes, ${usualOutputLimit} by default) for the host`,
  })
}

/** Whether an error is one of {@link tooMuchOutput}, also after its catchers have added to it. */
export function isTooMuchOutput(error: unknown): boolean {
  return error instanceof HostwrightError && 'output_limit' in error.data
}
