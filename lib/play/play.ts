import type { Read, TObject, TProperties } from '../schema/index.ts'
import { Type } from '../schema/index.ts'
import { callSite } from './call-site.ts'
import type {
  AnyScope,
  BlockOptions,
  Entry,
  Given,
  Nothing,
  PlaybookData,
  PlayData,
  PlayOptions,
  Registered,
  TaskData,
  TaskOptions,
} from './data.ts'
import type { Call } from './module.ts'
import type { Scope } from './scope.ts'

type Give<V, R, G> = (scope: Scope<V, R>) => G
type Results = Readonly<Record<string, unknown>>

/** What a function's calls register: one result, or a list of them for a loop; perhaps undefined when it may give nothing. */
type ResultOf<G> =
  | (G extends Call<infer T> ? Registered<T> : never)
  | (G extends readonly Call<infer T>[]
      ? { readonly results: readonly Registered<T>[]; readonly changed: boolean; readonly failed: boolean }
      : never)
  | (G extends Nothing ? undefined : never)
type OneResult<G> = G extends Call<infer T> ? T : G extends readonly Call<infer T>[] ? T : never

/**
 * A play, or a piece of one, under construction. Every step gives a new chain and leaves the old one as it was, so that a chain can be shared and extended
 * freely. `V` are its variables, `R` the results registered so far, `H` the names of its handlers.
 */
export class Chain<V, R extends Results = Readonly<Record<never, never>>, H extends string = never> {
  readonly #entries: readonly Entry[]
  readonly #handlers: readonly TaskData[]

  protected constructor(entries: readonly Entry[], handlers: readonly TaskData[]) {
    this.#entries = entries
    this.#handlers = handlers
  }

  /** An empty chain, for a block or a role of its own. */
  static empty<V, R extends Results, H extends string>(): Chain<V, R, H> {
    return new Chain<V, R, H>([], [])
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  get handlers(): readonly TaskData[] {
    return this.#handlers
  }

  /** A chain of the same kind with these parts. */
  protected with<R2 extends Results, H2 extends string>(
    entries: readonly Entry[],
    handlers: readonly TaskData[],
  ): Chain<V, R2, H2> {
    return new Chain<V, R2, H2>(entries, handlers)
  }

  /**
   * A task: its function is called for each host and gives the module call to make, several, or nothing.
   *
   * @example
   * .task('Tune for replication', ({ vars }) => template({ src: 'replication.conf.ejs', dest: vars.conf }), { notify: 'restart postgresql' })
   */
  task<G extends Given>(name: string, give: Give<V, R, G>, options: TaskOptions<H, OneResult<G>> = {}): Chain<V, R, H> {
    return this.with<R, H>([...this.#entries, taskData(name, give, options)], this.#handlers)
  }

  /**
   * A task whose result later tasks read as `results.KEY`.
   *
   * @example
   * .register('version', 'Ask the server', () => pg_query({ query: 'show server_version' }))
   */
  register<const K extends string, G extends Given>(
    key: K,
    name: string,
    give: Give<V, R, G>,
    options: TaskOptions<H, OneResult<G>> = {},
  ): Chain<V, R & { readonly [key in K]: ResultOf<G> }, H> {
    return this.with([...this.#entries, taskData(name, give, options, key)], this.#handlers)
  }

  /** What tasks may notify: runs once for each host that was changed, at the end of the play, in the order of definition. */
  handler<const N extends string, G extends Given>(
    name: N,
    give: Give<V, R, G>,
    options: TaskOptions<H> = {},
  ): Chain<V, R, H | N> {
    return this.with([...this.#entries], [...this.#handlers, taskData(name, give, options)])
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
    options: Omit<BlockOptions, 'when'> & {
      /** Whether the block applies to a host at all. */
      readonly when?: (scope: Scope<V, R>) => boolean
      readonly rescue?: (inner: Chain<V, R2, H>) => Chain<V, Results, H>
      readonly always?: (inner: Chain<V, R2, H>) => Chain<V, Results, H>
    } = {},
  ): Chain<V, R2, H> {
    const { rescue, always, ...rest } = options
    const inner = Chain.empty<V, R2, H>()
    const block: Entry = Object.freeze({
      type: 'block',
      name,
      entries: build(Chain.empty<V, R, H>()).entries,
      rescue: rescue?.(inner).entries ?? [],
      always: always?.(inner).entries ?? [],
      options: rest as BlockOptions,
      site: callSite(),
    })
    return this.with<R2, H>([...this.#entries, block], this.#handlers)
  }

  /** Takes up a reusable piece: a function from chain to chain. */
  use<R2 extends Results, H2 extends string>(role: (chain: this) => Chain<V, R2, H2>): Chain<V, R2, H2> {
    return role(this)
  }
}

function taskData(name: string, give: unknown, options: unknown, register?: string): TaskData {
  return Object.freeze({
    type: 'task',
    name,
    give: give as (scope: AnyScope) => Given,
    options: Object.freeze({ ...(options as TaskOptions) }),
    register,
    site: callSite(),
  })
}

/** A chain that knows the hosts it is for. */
export class Play<V, R extends Results = Readonly<Record<never, never>>, H extends string = never> extends Chain<
  V,
  R,
  H
> {
  readonly #head: Omit<PlayData, 'entries' | 'handlers'>

  constructor(
    head: Omit<PlayData, 'entries' | 'handlers'>,
    entries: readonly Entry[] = [],
    handlers: readonly TaskData[] = [],
  ) {
    super(entries, handlers)
    this.#head = head
  }

  protected override with<R2 extends Results, H2 extends string>(
    entries: readonly Entry[],
    handlers: readonly TaskData[],
  ): Play<V, R2, H2> {
    return new Play<V, R2, H2>(this.#head, entries, handlers)
  }

  get data(): PlayData {
    return Object.freeze({ ...this.#head, entries: this.entries, handlers: this.handlers })
  }
}

/**
 * Begins a play.
 *
 * @example
 * export const web = play('Web servers', { hosts: 'web', become: true }).task('Install nginx', () => pkg({ name: 'nginx' }))
 */
export function play<P extends TProperties = Record<never, never>>(
  name: string,
  options: PlayOptions<P>,
): Play<Read<P>> {
  return new Play({ type: 'play', name, options: Object.freeze({ ...options }), site: callSite() })
}

/** The variables a play needs, with their types: `schema({ pg_version: Type.Integer(), replication_password: secret() })`. */
export function schema<const P extends TProperties>(properties: P): TObject<P> {
  return Type.Object(properties)
}

/** Anything that holds a play at the end of a chain. */
export type AnyPlay = Pick<Chain<never, Results, string>, 'entries' | 'handlers'>

/** Plays in the order in which they run; a playbook may take up others. */
export function playbook(name: string, parts: readonly (AnyPlay | PlaybookData)[]): PlaybookData {
  const plays = parts.flatMap((part) => ('plays' in part ? part.plays : [playOf(part)]))
  return Object.freeze({ type: 'playbook', name, plays })
}

function playOf(part: AnyPlay): PlayData {
  if (part instanceof Play) return (part as Play<unknown>).data
  throw new TypeError('a playbook takes plays (made with play(…)) and playbooks; this is a chain without hosts')
}
