import type { Place } from '../error.ts'

/** Ansible's words for what became of a task on a host. `changed` in check mode means: would change. */
export type Status = 'ok' | 'changed' | 'skipped' | 'failed' | 'unreachable'

/** An error as it is reported. Secrets are masked already. */
export interface ErrorReport {
  /** What happened. */
  readonly message: string
  /** What the user does next. */
  readonly next?: string
  /** The place in the user's text. */
  readonly place?: Place
  /** Facts shown one by one below the message; empty when there are none. */
  readonly data: Readonly<Record<string, unknown>>
}

/** A text or a set of attributes, before and after; secrets are masked already. */
export interface DiffReport {
  /** What it is about: a path, `role replicator`. */
  readonly of: string
  /** What there was, or in check mode: what there is. */
  readonly before: string | Readonly<Record<string, unknown>>
  /** What there is now, or in check mode: what there would be. */
  readonly after: string | Readonly<Record<string, unknown>>
}

/** What became of a task on a host. */
export interface ResultEvent {
  /** Always `result`. */
  readonly type: 'result'
  /** The name of the play. */
  readonly play: string
  /** The name of the task. */
  readonly task: string
  /** Whether it is a task of the play or a handler. */
  readonly kind: 'task' | 'handler'
  /** The inventory name of the host. */
  readonly host: string
  /** Ansible's name of the module; empty when the task gave no call. */
  readonly module: string
  /** What became of it. */
  readonly status: Status
  /** A failure that `ignore_errors` let pass, or that a block's rescue took up. */
  readonly forgiven?: 'ignored' | 'rescued'
  /** In a loop: which of its calls this is, and how many there are. The status of the whole follows in an event without it. */
  readonly item?: { readonly index: number; readonly count: number; readonly label: string }
  /** What the module returns, under Ansible's names. */
  readonly result: Readonly<Record<string, unknown>>
  /** What changed, or in check mode: would change. */
  readonly diff: readonly DiffReport[]
  /** The error, when it failed. */
  readonly error?: ErrorReport
  /** Why a prediction is less than certain: `cannot be read before "Install PostgreSQL" has run`. */
  readonly note?: string
  /** The host it ran on instead. */
  readonly delegated_to?: string
  /** The result must not be shown (`no_log`); everything in it is removed already. */
  readonly censored?: boolean
  /** The line of the playbook. */
  readonly place?: Place
  /** How long it took. */
  readonly seconds: number
}

/** The recap's numbers for one host, named as Ansible prints them. */
export interface Counts {
  /** Tasks that succeeded, those that changed something included. */
  readonly ok: number
  /** Tasks that changed something; in check mode: that would. */
  readonly changed: number
  /** Tasks that ended because the host could not be reached. */
  readonly unreachable: number
  /** Tasks that failed. */
  readonly failed: number
  /** Tasks that gave no call. */
  readonly skipped: number
  /** Failures that a block's rescue took up. */
  readonly rescued: number
  /** Failures that `ignore_errors` let pass. */
  readonly ignored: number
}

/** Everything a run tells, in order. All reports are made from these alone. */
export type Event =
  | {
      /** A playbook begins. */
      readonly type: 'playbook_start'
      /** Its name. */
      readonly playbook: string
      /** Check mode: nothing is changed. */
      readonly check: boolean
      /** Diff mode: diffs are shown. */
      readonly diff: boolean
      /** The hosts of all its plays. */
      readonly hosts: readonly string[]
    }
  | {
      /** A play begins. */
      readonly type: 'play_start'
      /** Its name. */
      readonly play: string
      /** Its hosts, without those that an earlier play has lost. */
      readonly hosts: readonly string[]
    }
  | {
      /** A task begins on the first of its hosts. */
      readonly type: 'task_start'
      /** The name of the play. */
      readonly play: string
      /** The name of the task. */
      readonly task: string
      /** Whether it is a task of the play or a handler. */
      readonly kind: 'task' | 'handler'
      /** The line of the playbook. */
      readonly place?: Place
    }
  | {
      /** A task is still running: sent about once a second from its third second on. */
      readonly type: 'progress'
      /** The name of the task. */
      readonly task: string
      /** The inventory name of the host. */
      readonly host: string
      /** How long it has been running. */
      readonly seconds: number
      /** How far it has come, in one line. */
      readonly line: string
    }
  | {
      /** A task is tried again (`until`). */
      readonly type: 'retry'
      /** The name of the task. */
      readonly task: string
      /** The inventory name of the host. */
      readonly host: string
      /** The number of the attempt that did not succeed, from 1. */
      readonly attempt: number
      /** How many attempts are left. */
      readonly left: number
      /** Why it did not succeed. */
      readonly message: string
    }
  | ResultEvent
  | {
      /** Something is odd, but no error. */
      readonly type: 'warning'
      /** The warning's text. */
      readonly message: string
      /** Where it is written. */
      readonly place?: Place
    }
  | {
      /** Handlers that were notified and have not run, because the host failed; the next run makes up for them. */
      readonly type: 'handlers_pending'
      /** The inventory name of the host. */
      readonly host: string
      /** The names of the handlers. */
      readonly handlers: readonly string[]
    }
  | {
      /** The playbook has ended. */
      readonly type: 'recap'
      /** The numbers of each host. */
      readonly hosts: Readonly<Record<string, Counts>>
      /** How long the run took. */
      readonly seconds: number
      /** Requests sent to each host. */
      readonly requests: Readonly<Record<string, number>>
      /** The longest chain of requests of which each waited for the answer to the one before. */
      readonly round_trips: Readonly<Record<string, number>>
    }

/** Takes the events of a run, one by one, as they happen. */
export type Report = (event: Event) => void
