import type { AnyScope, TaskData } from '../../play/data.ts'
import { callsOf } from '../prepare/call.ts'
import { isNotKnownYet } from '../unknown/not-known-yet.ts'
import { withUnknownResults } from '../unknown/unknown-result.ts'

type Given = ReturnType<typeof callsOf>

/** It is unknown what a task would do: it depends on a result that is only predicted, for the reason in the note. */
export interface UnknownCalls {
  readonly unknown: string
}

/**
 * What a task's function gives in check mode. Where it throws because of a result that is only predicted, it is called once more with unknown results in the place
 * of the predicted ones; if that does not help either, what it would do is unknown.
 */
export function callsInCheck(task: TaskData, scope: AnyScope): Given | UnknownCalls {
  try {
    return callsOf(task, scope)
  } catch (error) {
    const unknown = isNotKnownYet(error) ? undefined : withUnknownResults(scope.results)
    if (unknown === undefined) throw error
    return callsWith(unknown, task, scope)
  }
}

/** What the function gives with these results; unknown where that depends on what is unknown. */
function callsWith(
  { results, note }: { readonly results: AnyScope['results']; readonly note: string },
  task: TaskData,
  scope: AnyScope,
): Given | UnknownCalls {
  try {
    const given = callsOf(task, { ...scope, vars: scope.vars, results })
    if (given?.calls.some((call) => typeof call === 'function') !== true) return given
  } catch (error) {
    if (isNotKnownYet(error)) throw error
  }
  return { unknown: note }
}
