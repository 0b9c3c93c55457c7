import { defined } from './defined.ts'

/** A place in a text the user wrote: an inventory, a variables file, a template or a playbook. Lines and columns count from 1. */
export interface Place {
  /** The path of the file, as the user named it. */
  readonly file: string
  /** The line; the whole file is meant without it. */
  readonly line?: number
  /** The column; the whole line is meant without it. */
  readonly column?: number
}

/** What kind of trouble it is; the command line turns it into Ansible's exit codes. */
export type ErrorKind =
  /** The user's input is wrong (inventory, variables, parameters, templates, options): found before a host is touched. */
  | 'input'
  /** A host could not be reached, or was lost. */
  | 'unreachable'
  /** A task ran and did not succeed. */
  | 'failed'
  /** A defect of hostwright itself. */
  | 'defect'

/** What an error carries beside its message. */
export interface ErrorDetails {
  /** What kind of trouble it is; `failed` by default. */
  readonly kind?: ErrorKind
  /** What the user does next. */
  readonly next?: string
  /** The host it happened on, by its inventory name. */
  readonly host?: string
  /** The task it happened in. */
  readonly task?: string
  /** The place in the user's text. */
  readonly place?: Place
  /** Facts worth showing one by one: an exit status, standard error, PostgreSQL's code, detail and hint. */
  readonly data?: Readonly<Record<string, unknown>>
  /** The error that this one was made from. */
  readonly cause?: unknown
}

/**
 * The one error of this library: what happened, on which host, in which task, at which place of the user's text, and what to do next.
 *
 * @example
 * throw new HostwrightError('there is no group "web"', { kind: 'input', place: { file: 'hosts.ini', line: 3 }, next: 'declare [web]' })
 */
export class HostwrightError extends Error {
  /** Always `HostwrightError`, also for its subclasses. */
  override readonly name = 'HostwrightError'
  /** What kind of trouble it is; `failed` by default. */
  readonly kind: ErrorKind
  /** What the user does next. */
  readonly next: string | undefined
  /** The host it happened on, by its inventory name. */
  readonly host: string | undefined
  /** The task it happened in. */
  readonly task: string | undefined
  /** The place in the user's text. */
  readonly place: Place | undefined
  /** Facts shown one by one below the message; empty by default. */
  readonly data: Readonly<Record<string, unknown>>

  constructor(message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.kind = details.kind ?? 'failed'
    this.next = details.next
    this.host = details.host
    this.task = details.task
    this.place = details.place
    this.data = details.data ?? {}
  }

  /** The same error with what its catcher knows better filled in; what is there already stays. */
  at(more: Pick<ErrorDetails, 'host' | 'task' | 'place' | 'next'>): HostwrightError {
    const details: ErrorDetails = {
      kind: this.kind,
      data: this.data,
      ...defined({ cause: this.cause }),
      ...defined({
        next: this.next ?? more.next,
        host: this.host ?? more.host,
        task: this.task ?? more.task,
        place: this.place ?? more.place,
      }),
    }
    return new HostwrightError(this.message, details)
  }
}

/** Several errors of input, found in one pass and shown together. */
export class InputErrors extends HostwrightError {
  /** The errors, in the order they were found. */
  readonly errors: readonly HostwrightError[]

  constructor(errors: readonly HostwrightError[]) {
    super(errors.map((error) => error.message).join('\n'), { kind: 'input' })
    this.errors = errors
  }
}

/** `hosts.ini:3:7`, as editors and terminals understand it. */
export function showPlace(place: Place): string {
  return [place.file, place.line, place.line === undefined ? undefined : place.column]
    .filter((part) => part !== undefined)
    .join(':')
}

/** Any thrown value as our error; what is not ours keeps its message and becomes the cause. */
export function asHostwrightError(thrown: unknown, details: ErrorDetails = {}): HostwrightError {
  if (thrown instanceof HostwrightError) return thrown.at(details)
  return new HostwrightError(thrown instanceof Error ? thrown.message : String(thrown), { ...details, cause: thrown })
}
