import type { Read, TObject, TProperties } from '../schema/index.ts'
import { Type } from '../schema/index.ts'
import { callSite } from './call-site.ts'
import { Chain, type Results } from './chain.ts'
import { folderOf } from './folder.ts'
import type { Entry, PlaybookData, PlayData, PlayOptions, TaskData } from './data.ts'

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
    super(entries, handlers, folderOf(head.options.folder, head.site))
    this.#head = head
  }

  protected override with<R2 extends Results, H2 extends string>(
    entries: readonly Entry[],
    handlers: readonly TaskData[],
  ): Play<V, R2, H2> {
    return new Play<V, R2, H2>(this.#head, entries, handlers)
  }

  /** The play as data. */
  get data(): PlayData {
    const { entries, handlers } = this.under(this.#head.options.module_defaults)
    return Object.freeze({ ...this.#head, entries, handlers })
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
  return new Play({
    type: 'play',
    name,
    options: Object.freeze({ ...options }) as PlayData['options'],
    site: callSite(),
  })
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
