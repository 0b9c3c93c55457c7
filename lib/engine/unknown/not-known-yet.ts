import type { Facts } from '../../host/facts.ts'

/** Thrown when something only a running host can tell is touched before the run: the task is checked later, when it is known. */
export class LiveValue extends Error {
  override readonly name = 'LiveValue'
}

/** Thrown when facts are touched that have not been asked for yet: the engine asks, and calls again. */
export class NeedsFacts extends Error {
  override readonly name = 'NeedsFacts'
}

/** Thrown when a task that is planned before its turn touches the result of one that has not been planned yet. */
export class NotYet extends Error {
  override readonly name = 'NotYet'
  readonly known: Promise<unknown>

  constructor(result: string, known: Promise<unknown>) {
    super(result)
    this.known = known
  }
}

/** Thrown when a task that is planned before its turn must wait for it. */
export class NotAhead extends Error {
  override readonly name = 'NotAhead'
}

/** Things that the engine answers, not the user. */
export function isQuestion(error: unknown): boolean {
  return (
    error instanceof LiveValue || error instanceof NeedsFacts || error instanceof NotYet || error instanceof NotAhead
  )
}

/** An object of which nothing is known before the run. */
export function liveObject<T extends object>(what: string): T {
  return new Proxy({} as T, {
    get: (_, property) => {
      if (typeof property === 'symbol') return undefined
      throw new LiveValue(`${what}.${property}`)
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
      throw new NeedsFacts(property)
    },
    has: (_, property) => Reflect.has(known() ?? {}, property),
    ownKeys: () => Reflect.ownKeys(known() ?? {}),
    getOwnPropertyDescriptor: (_, property) => Reflect.getOwnPropertyDescriptor(known() ?? {}, property),
  })
}
