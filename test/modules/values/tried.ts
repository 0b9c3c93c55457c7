import { CannotEncode } from '../../../lib/encode/index.ts'
import { asHostwrightError, HostwrightError } from '../../../lib/error.ts'
import type { AnyDefinition, TaskContext } from '../../../lib/play/module.ts'
import { validate, type TObject } from '../../../lib/schema/index.ts'
import { controllerAt } from '../../../lib/engine/prepare/controller.ts'
import type { Draw } from './drawn.ts'
import type { Params } from './places.ts'
import type { Recorded, Said } from './recorded.ts'

/** A module as the tests of values use it. */
export interface Tried {
  readonly definition: AnyDefinition
  readonly schema: TObject
}

export type Outcome =
  /** Refused on this machine, before a host was asked anything. */
  | { readonly is: 'refused'; readonly why: readonly string[] }
  /** The host is not as the values want it: a file or an account is not there. Nothing was changed. */
  | { readonly is: 'failed'; readonly why: string; readonly said: readonly Said[] }
  | { readonly is: 'done'; readonly said: readonly Said[]; readonly result: unknown }

/** Validates and plans a call on this machine, and applies it to nothing: see {@link Recorded}. */
export async function outcomeOf(
  { definition, schema }: Tried,
  params: Params,
  recorded: Recorded,
  task: TaskContext = { vars: {}, controller: controllerAt('/')() },
): Promise<Outcome> {
  const valid = validate(schema, params, 'parameter')
  if (!valid.ok) return { is: 'refused', why: valid.problems.map(({ message }) => message) }
  const complaints = definition.check?.(valid.value) ?? []
  if (complaints.length > 0) return { is: 'refused', why: complaints }
  recorded.taken()
  const host = recorded.host
  let planned = false
  try {
    definition.preflight?.(valid.value, task)
    const plan = await definition.plan(valid.value, host, task)
    planned = true
    recorded.noteOnly()
    if (plan.changed) await plan.apply(host)
    return { is: 'done', said: recorded.taken(), result: plan.result }
  } catch (error) {
    const said = recorded.taken()
    // What is only noted has no answer, which a module may miss.
    if (planned) return { is: 'done', said, result: undefined }
    if (!(error instanceof HostwrightError)) throw error
    if (error instanceof CannotEncode || error.kind === 'input') return { is: 'refused', why: [error.message] }
    return { is: 'failed', why: asHostwrightError(error).message, said }
  }
}

/** A refusal says which parameter it is about, or shows the value itself. */
export function saysWhich(why: readonly string[], { places, texts }: Draw): boolean {
  const shown = texts.flatMap((text) =>
    text.trim() === '' ? [`"${text}"`, '""'] : [text.slice(0, 30), text.trim().slice(0, 30)],
  )
  const names = places.flatMap((place) => [place.parameter, place.good, ...place.shown.split('.').slice(1)])
  return [...names, ...shown].some((name) => why.some((message) => message.toLowerCase().includes(name.toLowerCase())))
}
