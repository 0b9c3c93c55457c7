/** What a change brought about, as far as later readers may depend on it. */
export type EffectKind =
  | 'file'
  | 'package'
  | 'service'
  | 'user'
  /** A database cluster that did not exist before: nothing in it could be read. */
  | 'cluster'
  | 'database'
  | 'command'

/** What a change brings about: later questions about it are answered by the simulated host. */
export interface Effect {
  /** What kind of thing it is. */
  readonly kind: EffectKind
  /** What exactly: a path, a package, a unit, a cluster. */
  readonly name: string
}

export interface PendingEffect extends Effect {
  readonly host: string
  readonly task: string
}

/** Everything a simulated run would have brought about so far, on all hosts. */
export class PendingEffects {
  readonly #effects: PendingEffect[] = []

  note(effect: PendingEffect): void {
    this.#effects.push(effect)
  }

  /** The effects so far, oldest first: this host's, or everybody's. */
  effects(host?: string): readonly PendingEffect[] {
    return host === undefined ? this.#effects : this.#effects.filter((effect) => effect.host === host)
  }
}
