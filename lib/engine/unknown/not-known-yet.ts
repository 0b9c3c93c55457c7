import type { Facts } from '../../host/facts.ts'

/**
 * What is missing before a task can go on:
 *
 * - `run`: something that only a running host can tell; preflight leaves the task for the run.
 * - `facts`: facts that the host has not been asked for; the engine asks, and takes the step again.
 * - `result`: the result of an earlier task; look-ahead waits for it.
 * - `turn`: the task's own turn; look-ahead leaves the task alone.
 */
export type Missing = 'run' | 'facts' | 'result' | 'turn'

/** Thrown when a playbook's function or a module reads something that is not known yet. The engine handles it; users never see it. */
export class NotKnownYet extends Error {
  override readonly name = 'NotKnownYet'
  readonly missing: Missing
  /** With `result`: settles when the result is there. */
  readonly known: Promise<unknown>

  constructor(missing: Missing, what: string, known: Promise<unknown> = Promise.resolve()) {
    super(what)
    this.missing = missing
    this.known = known
  }
}

/** Is it the error of something that is not known yet, of this kind or of any? */
export function isNotKnownYet(error: unknown, ...missing: readonly Missing[]): error is NotKnownYet {
  return error instanceof NotKnownYet && (missing.length === 0 || missing.includes(error.missing))
}

/** An object with values that only the run will bring. */
export function knownInRun<T extends object>(what: string): T {
  return new Proxy({} as T, {
    get: (_, property) => {
      if (typeof property === 'symbol') return undefined
      throw new NotKnownYet('run', `${what}.${property}`)
    },
  })
}

/** Facts that make the engine ask the host when they are first touched. */
export function factsOf(known: () => Facts | undefined): Facts {
  return new Proxy({} as Facts, {
    get: (_, property) => {
      const facts = known()
      if (facts !== undefined) return Reflect.get(facts, property) as unknown
      if (typeof property === 'symbol') return undefined
      throw new NotKnownYet('facts', property)
    },
    has: (_, property) => Reflect.has(known() ?? {}, property),
    ownKeys: () => Reflect.ownKeys(known() ?? {}),
    getOwnPropertyDescriptor: (_, property) => Reflect.getOwnPropertyDescriptor(known() ?? {}, property),
  })
}
