import type { Read, TObject, TProperties } from '../schema/index.ts'
import type { CallSite } from './call-site.ts'
import type { Defaults } from './defaults.ts'
import type { Call } from './module.ts'
import type { Scope } from './scope.ts'

/** What a task's function may give: one call, several (a loop), or nothing (skipped). */
export type Given<T = unknown> = Call<T> | readonly Call<T>[] | Nothing
/** What a task's function gives to skip the host. A function that gives no value at all is an error: somebody forgot to return the call. */
export type Nothing = false | null | undefined

/** What a task's function is given, with variables and results of any type. */
export type AnyScope = Scope<Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>>

/** A registered result: the module's own fields and what became of the task. */
export type Registered<T> = Readonly<T> & {
  /** The task changed something; in check mode: it would change something. */
  readonly changed: boolean
  /** The task failed. */
  readonly failed: boolean
  /** What the module or the error says. */
  readonly msg?: string
}

/** As whom a task runs on its host. */
export interface BecomeOptions {
  /** Run as another user; off by default. */
  readonly become?: boolean
  /** That user; root by default. */
  readonly become_user?: string
  /** The program that changes users; `sudo` by default. */
  readonly become_method?: 'sudo' | 'su' | 'doas'
}

/** The parameters that calls of some modules get when they do not set them; see {@link defaults}. A function is called for each host. */
export type ModuleDefaults<S> = readonly Defaults[] | ((scope: S) => readonly Defaults[])

/**
 * A task's keywords, as Ansible names them. `when` and `loop` are plain TypeScript. `H` are the handlers that may be notified, `T` is the
 * module's result, `S` the scope of the play's functions, `K` the name of the registered result.
 */
export interface TaskOptions<
  H extends string = string,
  T = unknown,
  S = AnyScope,
  K extends string = string,
> extends BecomeOptions {
  /** The name under which later tasks of the host read the result: `results.NAME`, with the module's own type. */
  readonly register?: K
  /** Default parameters for the calls of this task. */
  readonly module_defaults?: ModuleDefaults<S>
  /** Handlers to run once at the end of the play (or at a flush) if this task changes something. */
  readonly notify?:
    | H
    | readonly H[]
    // Where there are no handlers yet, a sentence for whoever reads the compiler's error.
    | ([H] extends [never] ? 'no handler is defined above this task: write .handler(…) before it' : never)
  /** Words that `--tags` and `--skip-tags` choose the task by; `always` and `never` have Ansible's meaning. */
  readonly tags?: string | readonly string[]
  /** The host to act on instead of the task's own. */
  readonly delegate_to?: string | ((scope: S) => string)
  /** Only for the play's first host; its result is every host's. */
  readonly run_once?: boolean
  /** A failure does not end the play for the host. */
  readonly ignore_errors?: boolean
  /** Whether the task failed, in place of the module's own answer. */
  readonly failed_when?: (result: Registered<T>) => boolean
  /** Whether the task changed something, in place of the module's own answer. */
  readonly changed_when?: (result: Registered<T>) => boolean
  /** Show nothing of the result, not even masked. */
  readonly no_log?: boolean
  /** Try again until this holds. */
  readonly until?: (result: Registered<T>) => boolean
  /** How many more times to try; 3 by default. */
  readonly retries?: number
  /** Seconds between tries; 5 by default. */
  readonly delay?: number
  /** Seconds that one try may take on a host; then it has failed. What it began there may go on. No limit of its own by default. */
  readonly timeout?: number
  /** `false` runs the task for real in check mode too; only for what cannot hurt. */
  readonly check_mode?: boolean
}

/** A task or a handler as data. */
export interface TaskData {
  /** Always `task`. */
  readonly type: 'task'
  /** Its name, as it is reported. */
  readonly name: string
  /** The function that gives the calls for a host. */
  readonly give: (scope: AnyScope) => Given
  /** Its keywords. */
  readonly options: TaskOptions
  /** Default parameters of play, roles, blocks and the task itself, the outermost first. */
  readonly defaults: readonly ModuleDefaults<AnyScope>[]
  /** The folder of the role or play that it is written in, with its templates and files. */
  readonly folder?: string
  /** The line of the playbook that made it. */
  readonly site: CallSite
}

/** A block as data. */
export interface BlockData {
  /** Always `block`. */
  readonly type: 'block'
  /** Its name. */
  readonly name: string
  /** Its tasks and blocks, in order. */
  readonly entries: readonly Entry[]
  /** What runs on a host whose block failed. */
  readonly rescue: readonly Entry[]
  /** What runs in any case, after the others. */
  readonly always: readonly Entry[]
  /** Its keywords. */
  readonly options: BlockOptions
  /** The line of the playbook that made it. */
  readonly site: CallSite
}

/** A block's keywords, as Ansible names them. */
export interface BlockOptions<S = AnyScope> extends BecomeOptions {
  /** Tags of every task of the block. */
  readonly tags?: string | readonly string[]
  /** Whether the block applies to a host at all. */
  readonly when?: (scope: S) => boolean
  /** A failure in the block does not end the play for the host. */
  readonly ignore_errors?: boolean
  /** Default parameters for the calls of the block's tasks. */
  readonly module_defaults?: ModuleDefaults<S>
}

/** The place in a play where notified handlers run. */
export interface FlushData {
  /** Always `flush`. */
  readonly type: 'flush'
  /** The line of the playbook that made it. */
  readonly site: CallSite
}

/** A part of a play: a task, a block, or the place where notified handlers run. */
export type Entry = TaskData | BlockData | FlushData

/** A play's keywords, as Ansible names them. */
export interface PlayOptions<P extends TProperties> extends BecomeOptions {
  /** A host pattern: `primary`, `all:!backup`, `web[0:2]`. */
  readonly hosts: string
  /** The variables the play needs, checked for every host before the run. */
  readonly vars?: TObject<P>
  /** Default parameters for the calls of the play's tasks and handlers. */
  readonly module_defaults?: ModuleDefaults<Scope<Read<P>, Readonly<Record<string, unknown>>>>
  /** Values of the play's own, over the inventory's and under `-e`. */
  readonly values?: Readonly<Record<string, unknown>>
  /** YAML files of variables beside the playbook, over `values` and under `-e`. */
  readonly vars_files?: readonly string[]
  /** The folder that has the `templates/` and `files/` of the play's own tasks. They are searched first, then those beside the playbook, as by default. */
  readonly folder?: string | URL
  /** Tags of every task of the play. */
  readonly tags?: string | readonly string[]
  /** Hosts at a time, as a number; all by default. */
  readonly serial?: number
  /** One host's failure ends the play for all. */
  readonly any_errors_fatal?: boolean
  /** Run notified handlers even after a failure. */
  readonly force_handlers?: boolean
  /** Ask for facts at the start; by default only when a task touches them. */
  readonly gather_facts?: boolean
}

/** A play as data: what the engine runs. */
export interface PlayData {
  /** Always `play`. */
  readonly type: 'play'
  /** Its name, as it is reported. */
  readonly name: string
  /** Its keywords. */
  readonly options: PlayOptions<TProperties>
  /** Its tasks and blocks, in order. */
  readonly entries: readonly Entry[]
  /** Its handlers, in the order they run. */
  readonly handlers: readonly TaskData[]
  /** The line of the playbook that made it. */
  readonly site: CallSite
}

/** A playbook as data: what {@link playbook} gives. */
export interface PlaybookData {
  /** Always `playbook`. */
  readonly type: 'playbook'
  /** Its name, as it is reported. */
  readonly name: string
  /** Its plays, in order. */
  readonly plays: readonly PlayData[]
}
