import type { Entry, TaskData } from './data.ts'

/**
 * A reusable piece of a play: tasks, and handlers of its own. `V` are the variables it needs, `R1` the results it reads, `N` the handlers of the play
 * that it notifies; it brings the results `R2` and the handlers `H2`.
 */
export interface Role<V, R1, N extends string, R2, H2 extends string> {
  /** Always `role`. */
  readonly type: 'role'
  /** Its tasks and blocks, in order. */
  readonly entries: readonly Entry[]
  /** Its handlers, in the order they run. */
  readonly handlers: readonly TaskData[]
  /** Never there; carries the types. */
  readonly needs?: (variables: V, results: R1, handlers: N) => void
  /** Never there; carries the types. */
  readonly brings?: readonly [results: R2, handlers: H2]
}

/** What a play (or role, or block) with these variables, results and handlers lacks to take up a role; never, if it lacks nothing. */
export type Lacking<V, R, H extends string, V2, R2, N extends string> =
  | (LackingNames<V, V2> extends infer K extends string ? `variable ${K} of the type that this role needs` : never)
  | (LackingNames<R, R2> extends infer K extends string ? `registered result ${K} as this role reads it` : never)
  | (Exclude<N, H> extends infer K extends string ? `handler "${K}", which this role notifies` : never)

/** The same as the compiler's error says it. The union is inferred, because the error would show the name of one that is written out. */
export type LackingText<T> = [T extends string ? `the play has no ${T}` : never] extends [infer Text] ? Text : never

/** The keys of `Wanted` that `Has` does not have with the same type. */
export type LackingNames<Has, Wanted> = {
  [K in keyof Wanted]-?: K extends keyof Has
    ? Has[K] extends Wanted[K]
      ? never
      : K
    : Record<never, never> extends Pick<Wanted, K>
      ? never
      : K
}[keyof Wanted] &
  string
