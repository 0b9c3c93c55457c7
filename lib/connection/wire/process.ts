import type { Readable, Writable } from 'node:stream'
import type { HostwrightError } from '../../error.ts'

/** How a program ended. Neither is known when the way to the host was lost before it did. */
export interface Ended {
  readonly status: number | undefined
  readonly signal: string | undefined
}

/** A program running at the far end, seen through its standard streams. */
export interface Process {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  /** Resolves as soon as the exit is known, while output may still be on its way. Never rejects. */
  readonly exited: Promise<Ended>
  /** Resolves when the program has ended and its output has been read. Never rejects. */
  readonly ended: Promise<Ended>
  /** Cuts the streams. What runs at the far end learns of it as of a hang-up; see `endTree` for ending it. */
  close(): void
}

export interface StartOptions {
  /** A pseudo-terminal, for programs that ask for passwords nowhere else. Standard error then comes with standard output. */
  readonly pty?: boolean
}

/** The bare way to a host: it starts command lines as the login user and nothing more. */
export interface Transport {
  readonly host: string
  /** How many programs may run at once. */
  readonly maxProcesses: number
  /** Who its programs run as, where that is known without asking. */
  readonly user?: string
  /** Whether what is written to a program before it listens reaches it all the same. */
  readonly keepsEarly: boolean
  /** Whether programs end and clean up behind a closed connection, so that closing need not wait for them. */
  readonly endsBehind: boolean
  /** Why the host was lost, from the moment it was. */
  readonly lost: HostwrightError | undefined
  /** Starts one line of POSIX shell without newlines. */
  start(command: string, options?: StartOptions): Promise<Process>
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
