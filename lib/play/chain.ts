import { defined } from '../defined.ts'
import { callSite } from './call-site.ts'
import type {
  AnyScope,
  BlockOptions,
  Entry,
  Given,
  ModuleDefaults,
  Nothing,
  Registered,
  TaskData,
  TaskOptions,
} from './data.ts'
import type { Call } from './module.ts'
import type { Lacking, LackingText, Role } from './role-data.ts'
import type { Scope } from './scope.ts'

/** Registered results by name. */
export type Results = Readonly<Record<string, unknown>>

/** What a function's calls register: one result, or a list of them for a loop; perhaps undefined when it may give nothing. */
export type ResultOf<G> =
  | (G extends Call<infer T> ? Registered<T> : never)
  | (G extends readonly Call<infer T>[]
      ? { readonly results: readonly Registered<T>[]; readonly changed: boolean; readonly failed: boolean }
      : never)
  | (G extends Nothing ? undefined : never)
/** The registered results with this one added, if it has a name. */
export type Registering<R, K extends string, T> = [K] extends [never] ? R : R & { readonly [key in K]: T }
/** The result of one call of those that a function gives. */
export type OneResult<G> = G extends Call<infer T> ? T : G extends readonly Call<infer T>[] ? T : never

/**
 * A play, or a piece of one, under construction. Every step gives a new chain and leaves the old one as it was, so that a chain can be shared and extended
 * freely. `V` are its variables, `R` the results registered so far, `H` the names of its handlers.
 */
export class Chain<V, R extends Results = Readonly<Record<never, never>>, H extends string = never> {
  readonly #entries: readonly Entry[]
  readonly #handlers: readonly TaskData[]
  readonly #folder: string | undefined

  protected constructor(entries: readonly Entry[], handlers: readonly TaskData[], folder: string | undefined) {
    this.#entries = entries
    this.#handlers = handlers
    this.#folder = folder
  }

  /** An empty chain, for a block or a role of its own. `folder` has the templates and files of the tasks that are written in it. */
  static empty<V, R extends Results, H extends string>(folder?: string): Chain<V, R, H> {
    return new Chain<V, R, H>([], [], folder)
  }

  /** The tasks and blocks so far. */
  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** The handlers so far. */
  get handlers(): readonly TaskData[] {
    return this.#handlers
  }

  /** A chain of the same kind with these parts. */
  protected with<R2 extends Results, H2 extends string>(
    entries: readonly Entry[],
    handlers: readonly TaskData[],
  ): Chain<V, R2, H2> {
    return new Chain<V, R2, H2>(entries, handlers, this.#folder)
  }

  /**
   * A task: its function is called for each host and gives the module call to make, several, or nothing. With `register`, later tasks read the
   * result as `results.NAME`.
   *
   * @example
   * .task('Tune for replication', ({ vars }) => template({ src: 'replication.conf.ejs', dest: vars.conf }), { notify: 'restart postgresql' })
   * .task('Ask the server', () => pg_query({ query: 'show server_version' }), { register: 'version' })
   */
  task<G extends Given, const K extends string = never>(
    name: string,
    give: (scope: Scope<V, R>) => G,
    options: TaskOptions<H, OneResult<G>, Scope<V, R>, K> = {},
  ): Chain<V, Registering<R, K, ResultOf<G>>, H> {
    return this.with([...this.#entries, taskData(name, give, options, this.#folder)], this.#handlers)
  }

  /** What tasks may notify: runs once for each host that was changed, at the end of the play, in the order of definition. */
  handler<const N extends string, G extends Given>(
    name: N,
    give: (scope: Scope<V, R>) => G,
    options: Omit<TaskOptions<H, OneResult<G>, Scope<V, R>>, 'register'> = {},
  ): Chain<V, R, H | N> {
    return this.with([...this.#entries], [...this.#handlers, taskData(name, give, options, this.#folder)])
  }

  /** Runs the notified handlers now. */
  flushHandlers(): Chain<V, R, H> {
    return this.with<R, H>([...this.#entries, Object.freeze({ type: 'flush', site: callSite() })], this.#handlers)
  }

  /**
   * Tasks that share keywords, or a rescue: what is in `rescue` runs on a host whose block failed, `always` in any case.
   *
   * @example
   * .block('Clone', (b) => b.task(…), { rescue: (b) => b.task(…) })
   */
  block<R2 extends Results>(
    name: string,
    build: (inner: Chain<V, R, H>) => Chain<V, R2, H>,
    options: BlockOptions<Scope<V, R>> & {
      readonly rescue?: (inner: Chain<V, R2, H>) => Chain<V, Results, H>
      readonly always?: (inner: Chain<V, R2, H>) => Chain<V, Results, H>
    } = {},
  ): Chain<V, R2, H> {
    const { rescue, always, ...rest } = options
    const own = rest as BlockOptions
    const inner = Chain.empty<V, R2, H>(this.#folder)
    const part = (chain: Chain<V, Results, H> | undefined) => chain?.under(own.module_defaults).entries ?? []
    const block: Entry = Object.freeze({
      type: 'block',
      name,
      entries: part(build(Chain.empty<V, R, H>(this.#folder))),
      rescue: part(rescue?.(inner)),
      always: part(always?.(inner)),
      options: own,
      site: callSite(),
    })
    return this.with<R2, H>([...this.#entries, block], this.#handlers)
  }

  /**
   * Takes up a role: its tasks, handlers and results. Its templates and files are looked up in the role's own folder.
   *
   * @example
   * play('Web', { hosts: 'web', vars }).use(webServer)
   */
  use<V2, R1, N extends string, R2 extends Results, H2 extends string>(
    role: [Lacking<V, R, H, V2, R1, N>] extends [never]
      ? Role<V2, R1, N, R2, H2>
      : LackingText<Lacking<V, R, H, V2, R1, N>>,
  ): Chain<V, R & R2, H | H2> {
    const { entries, handlers } = role as Role<V2, R1, N, R2, H2>
    return this.with<R & R2, H | H2>([...this.#entries, ...entries], [...this.#handlers, ...handlers])
  }

  /**
   * Goes on with what a function makes of the chain, for a piece that a role cannot be: one whose types are the caller's. Its tasks have
   * the folder of this chain.
   *
   * @example
   * play('Web', { hosts: 'web' }).pipe((chain) => (monitored ? chain.task('Watch it', () => pkg({ name: 'monit' })) : chain))
   */
  pipe<R2 extends Results, H2 extends string>(extend: (chain: this) => Chain<V, R2, H2>): Chain<V, R2, H2> {
    return extend(this)
  }

  /** The chain with these default parameters around all its tasks and handlers. */
  under(defaults: ModuleDefaults<never> | undefined): Chain<V, R, H> {
    if (defaults === undefined) return this
    const outer = defaults as ModuleDefaults<AnyScope>
    return this.with(
      this.#entries.map((entry) => entryUnder(outer, entry)),
      this.#handlers.map((handler) => taskUnder(outer, handler)),
    )
  }
}

function taskUnder(outer: ModuleDefaults<AnyScope>, task: TaskData): TaskData {
  return Object.freeze({ ...task, defaults: [outer, ...task.defaults] })
}

function entryUnder(outer: ModuleDefaults<AnyScope>, entry: Entry): Entry {
  if (entry.type === 'flush') return entry
  if (entry.type === 'task') return taskUnder(outer, entry)
  const part = (entries: readonly Entry[]) => entries.map((one) => entryUnder(outer, one))
  return Object.freeze({
    ...entry,
    entries: part(entry.entries),
    rescue: part(entry.rescue),
    always: part(entry.always),
  })
}

function taskData(name: string, give: unknown, given: unknown, folder: string | undefined): TaskData {
  const options = given as TaskOptions
  return Object.freeze({
    type: 'task',
    name,
    give: give as (scope: AnyScope) => Given,
    options: Object.freeze({ ...options }),
    defaults: options.module_defaults === undefined ? [] : [options.module_defaults],
    ...defined({ folder }),
    site: callSite(),
  })
}
