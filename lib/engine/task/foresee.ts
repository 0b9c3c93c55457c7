import type { AnyScope, TaskData } from '../../play/data.ts'
import { callsOf } from '../prepare/call.ts'
import { withGhosts } from '../unknown/unknown-result.ts'
import { isQuestion } from '../unknown/not-known-yet.ts'

type Given = ReturnType<typeof callsOf>

/** A function that stumbles over a result which was only predicted is called once more with ghosts in their place. */
export function foreseenCalls(task: TaskData, scope: AnyScope): Given {
  try {
    return callsOf(task, scope)
  } catch (error) {
    const haunted = isQuestion(error) ? undefined : withGhosts(scope.results)
    if (haunted === undefined) throw error
    return haunt(task, scope, haunted)
  }
}

/** What is then still unclear is no failure: the task is predicted to change something. */
function haunt(task: TaskData, scope: AnyScope, { results, note }: NonNullable<ReturnType<typeof withGhosts>>): Given {
  try {
    const given = callsOf(task, { ...scope, vars: scope.vars, results })
    if (given?.calls.some((call) => typeof call === 'function') !== true) return given
  } catch (error) {
    if (isQuestion(error)) throw error
  }
  throw new Unforeseen(note)
}

/** What a task would do depends on something that was only predicted. */
export class Unforeseen extends Error {}
