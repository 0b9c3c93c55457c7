import type { Duplex } from 'node:stream'
import type { Script } from '../quote.ts'
import type { Secret } from '../secret.ts'
import type { Cut } from './wire/cut.ts'
import type { Ending } from './wire/ending.ts'
import type { Reply } from './wire/reply.ts'

export type { Reply } from './wire/reply.ts'

/** Who a shell runs as, when not as the login user. */
export interface Become {
  /** `sudo` unless told otherwise. */
  readonly method: 'sudo' | 'su' | 'doas'
  readonly user: string
  readonly password?: Secret
}

export interface RequestOptions {
  /** What the script reads on its standard input; nothing (end of file at once) by default. Never part of an argument list. */
  readonly input?: Buffer | string
  /** Seconds until the request is given up; the connection's `commandTimeout` by default. */
  readonly timeout?: number
  /** Bytes that its outputs may take together; beyond that it fails. The connection's `outputLimit` by default. */
  readonly outputLimit?: number
  /** Ends the request on the host too, with all others that have the same `cut`. */
  readonly cut?: Cut | undefined
}

/** One long-lived POSIX shell. Requests may be written without waiting for earlier replies; they run one after the other. */
export interface Shell {
  /** Runs a script in a subshell and gives its status and bytes. Rejects only when the shell itself is lost or the time is up. */
  request(script: Script, options?: RequestOptions): Promise<Reply>
}

export interface ExecOptions extends RequestOptions {
  readonly become?: Become
  /** Bytes for standard input, streamed. */
  readonly stdin?: AsyncIterable<Buffer>
  /** Called with output as it comes. */
  readonly onOutput?: (chunk: Buffer, stream: 'stdout' | 'stderr') => void
  readonly signal?: AbortSignal
}

/** A way to a host. Whoever opens it closes it. */
export interface Connection {
  readonly host: string
  /** The login user, where it is known without asking. */
  readonly user?: string | undefined
  /**
   * The shell of this user (of the login user without `become`): opened at the first call, the same one afterwards. Whether there is such a shell may turn out
   * only at the first request.
   */
  shell(become?: Become): Promise<Shell>
  /** A script in a channel of its own: output comes live, and it can be cut off. */
  exec(script: Script, options?: ExecOptions): Promise<Reply>
  /** A script's standard input and output as one stream of bytes, for protocols. */
  duplex(script: Script, become?: Become): Promise<Duplex>
  /** Requests sent so far, over all its shells and channels. */
  readonly requests: number
  /** The longest chain of requests so far of which each was sent after the answer to the one before had come. The login is not counted. */
  readonly roundTrips: number
  /** Ends the programs that run over the connection, on the host too, within about ten seconds. No new ones start. @returns how they ended. */
  cutShort(): Promise<readonly Ending[]>
  close(): Promise<void>
}
