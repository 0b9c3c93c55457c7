import type { Place } from '../error.ts'

/** Ansible's words for what became of a task on a host. `changed` in check mode means: would change. */
export type Status = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable'

/** What is told of an error; secrets are masked already. */
export interface ErrorReport {
  readonly message: string
  readonly next?: string
  readonly place?: Place
  readonly data: Readonly<Record<string, unknown>>
}

/** A text or a set of attributes, before and after; secrets are masked already. */
export interface DiffReport {
  readonly of: string
  readonly before: string | Readonly<Record<string, unknown>>
  readonly after: string | Readonly<Record<string, unknown>>
}

export interface ResultEvent {
  readonly type: 'result'
  readonly play: string
  readonly task: string
  readonly kind: 'task' | 'handler'
  readonly host: string
  readonly module: string
  readonly status: Status
  /** A failure that `ignore_errors` let pass, or that a block's rescue took up. */
  readonly forgiven?: 'ignored' | 'rescued'
  /** In a loop: which of its calls this is, and how many there are. The status of the whole follows in an event without it. */
  readonly item?: { readonly index: number; readonly count: number; readonly label: string }
  readonly result: Readonly<Record<string, unknown>>
  readonly diff: readonly DiffReport[]
  readonly error?: ErrorReport
  /** Why a prediction is less than certain: `cannot be read before "Install PostgreSQL" has run`. */
  readonly note?: string
  readonly delegated_to?: string
  /** The result must not be shown (`no_log`); everything in it is removed already. */
  readonly censored?: boolean
  readonly place?: Place
  readonly seconds: number
}

/** The recap's numbers for one host, named as Ansible prints them. */
export interface Counts {
  readonly ok: number
  readonly changed: number
  readonly unreachable: number
  readonly failed: number
  readonly skipped: number
  readonly rescued: number
  readonly ignored: number
}

/** Everything a run tells, in order. All reports are made from these alone. */
export type Event =
  | {
      readonly type: 'playbook_start'
      readonly playbook: string
      readonly check: boolean
      readonly diff: boolean
      readonly hosts: readonly string[]
    }
  | { readonly type: 'play_start'; readonly play: string; readonly hosts: readonly string[] }
  | {
      readonly type: 'task_start'
      readonly play: string
      readonly task: string
      readonly kind: 'task' | 'handler'
      readonly place?: Place
    }
  /** A task is still running: sent about once a second from its third second on. */
  | {
      readonly type: 'progress'
      readonly task: string
      readonly host: string
      readonly seconds: number
      readonly line: string
    }
  | {
      readonly type: 'retry'
      readonly task: string
      readonly host: string
      readonly attempt: number
      readonly left: number
      readonly message: string
    }
  | ResultEvent
  | { readonly type: 'warning'; readonly message: string; readonly place?: Place }
  /** Handlers that were notified and have not run, because the host failed; the next run makes up for them. */
  | { readonly type: 'handlers_pending'; readonly host: string; readonly handlers: readonly string[] }
  | {
      readonly type: 'recap'
      readonly hosts: Readonly<Record<string, Counts>>
      readonly seconds: number
      /** Requests sent to each host. */
      readonly requests: Readonly<Record<string, number>>
      /** The longest chain of requests of which each waited for the answer to the one before. */
      readonly round_trips: Readonly<Record<string, number>>
    }

export type Report = (event: Event) => void
