import type { Script } from '../quote.ts'
import type { Facts } from './facts.ts'
import type { FileReader, FileWriter } from './files/files.ts'
import type { Effect } from './pending-effects.ts'
import type { PackageReader, PackageWriter } from './packages/packages.ts'
import type { PostgresReader, PostgresWriter, ServerAddress } from './postgres/postgres.ts'
import type { ServiceReader, ServiceWriter } from './services/services.ts'
import type { UserReader, UserWriter } from './users/users.ts'

/** What a command said, as text. */
export interface Answer {
  /** The exit status; 128 and the number of the signal when one ended it. */
  readonly status: number
  /** Standard output, read as UTF-8. */
  readonly stdout: string
  /** Standard error, read as UTF-8. */
  readonly stderr: string
}

/** How a question is asked. */
export interface AskOptions {
  /** Standard input; nothing by default. Secrets go here, never into the script. */
  readonly input?: Buffer | string
  /** Seconds until it is given up. */
  readonly timeout?: number
  /** Run as this user of the host instead of the task's own (root may become anybody). */
  readonly as?: string
  /** What the question is about, by the name of the effect that changes it: a simulated run answers with what it left there. */
  readonly about?: string
  /** The answer holds until something changes, on any host: the same question is not asked again before. */
  readonly remember?: boolean
}

/** How a command that changes something is run. */
export interface HostRunOptions extends Omit<AskOptions, 'about' | 'remember'> {
  /** What the command brings about: noted in a simulated run instead of running it. */
  readonly effect: Effect
  /** What questions about the effect are answered from then on: remembered in a simulated run. */
  readonly leaves?: string
  /** Facts that it changes: gathered again afterwards, and remembered in a simulated run. */
  readonly facts?: Partial<Facts>
}

/**
 * A machine as a plan sees it: everything can be read, nothing changed. Reads asked together (`Promise.all`) cost one round trip.
 */
export interface HostReader {
  /** The inventory name. */
  readonly name: string
  /** The user its commands run as. */
  readonly user: string
  /** Its files. */
  readonly files: FileReader
  /** Its packages. */
  readonly packages: PackageReader
  /** Its services. */
  readonly services: ServiceReader
  /** Its users and groups. */
  readonly users: UserReader
  /** A server on this host, or reached from it; connects when first asked. */
  postgres(address: ServerAddress): PostgresReader
  /** Facts of the machine, gathered when first asked for. */
  facts(): Promise<Facts>
  /**
   * A read-only question. The script must change nothing: it runs in check mode too. A status other than 0 is an answer, not an error.
   */
  ask(script: Script, options?: AskOptions): Promise<Answer>
  /** How far a long wait has come, in one line, for whoever watches. */
  progress(line: string): void
}

/** The same machine as an apply sees it. In check mode it is simulated: what is written here, later reads see. */
export interface Host extends HostReader {
  /** Its files. */
  readonly files: FileWriter
  /** Its packages. */
  readonly packages: PackageWriter
  /** Its services. */
  readonly services: ServiceWriter
  /** Its users and groups. */
  readonly users: UserWriter
  postgres(address: ServerAddress): PostgresWriter
  /**
   * A command that changes something. It runs in a channel of its own, its output is shown live while it lasts, and it goes on to its end on the host
   * even if the connection is lost; Ctrl-C and the time limit of its task end it. A status other than 0 is an answer, not an error. In a simulated run it
   * is noted and answers status 0 and no output.
   */
  run(script: Script, options: HostRunOptions): Promise<Answer>
}
