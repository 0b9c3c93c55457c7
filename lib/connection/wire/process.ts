import type { Readable, Writable } from 'node:stream'
import type { HostwrightError } from '../../error.ts'

/** How a program ended. Both are `undefined` when the host was lost before the program ended. */
export interface ProcessEnd {
  /** The exit status; undefined when a signal ended the process. */
  readonly status: number | undefined
  /** The name of the signal that ended the process; undefined when it exited. */
  readonly signal: string | undefined
}

/** A program that runs on the host, with its standard streams. */
export interface HostProcess {
  /** Standard input of the process. */
  readonly stdin: Writable
  /** Standard output of the process. */
  readonly stdout: Readable
  /** Standard error of the process. */
  readonly stderr: Readable
  /** Resolves as soon as the exit is known, while output may still be on its way. Never rejects. */
  readonly exited: Promise<ProcessEnd>
  /** Resolves when the program has ended and its output has been read. Never rejects. */
  readonly ended: Promise<ProcessEnd>
  /** Cuts the streams. The program sees the end of its input, as when a line hangs up. */
  close(): void
}

/** How a program is started. */
export interface StartOptions {
  /** A pseudo-terminal, for programs that ask for passwords nowhere else. Standard error then comes with standard output. */
  readonly pty?: boolean
}

/**
 * The bare way to a host: it starts command lines as the login user and nothing more. Shells, become, files and limits are built on top of it.
 *
 * @example
 * const transport: Transport = { host, start: (command) => startInContainer(host, command), close: async () => {} }
 */
export interface Transport {
  /** The name of the host in the inventory. */
  readonly host: string
  /** How many programs may run at once; 10 by default. */
  readonly maxProcesses?: number
  /** The user whom its programs run as, where that is known without asking. */
  readonly user?: string
  /** Whether a program reads what was written to it before it was ready. `false` by default, which costs a round trip for each program. */
  readonly keepsEarly?: boolean
  /** Whether programs end and clean up behind a closed connection, so that closing need not wait for them. `false` by default. */
  readonly endsBehind?: boolean
  /** Why the host was lost, from the moment it was. A lost host is UNREACHABLE for the rest of the run. */
  readonly lost?: HostwrightError | undefined
  /** Starts one line of POSIX shell, which has no newlines. Rejects with a {@link HostwrightError} of kind `unreachable` when it cannot. */
  start(command: string, options?: StartOptions): Promise<HostProcess>
  /** Ends what is left of the way to the host. */
  close(): Promise<void>
}

/** How to wait for something with a limit; the timer never outlives the wait. */
export async function within<T>(seconds: number, promise: Promise<T>, late: () => Error): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late()), seconds * 1000)
  })
  try {
    return await Promise.race([promise, limit])
  } finally {
    clearTimeout(timer)
  }
}
