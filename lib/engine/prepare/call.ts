import { defined } from '../../defined.ts'
import { HostwrightError, asHostwrightError, InputErrors } from '../../error.ts'
import { withDefaults, type Defaults } from '../../play/defaults.ts'
import { watchingCalls, type Call, type TaskContext } from '../../play/module.ts'
import type { AnyScope, TaskData } from '../../play/data.ts'
import { placeOfError } from '../../play/call-site.ts'
import { validate } from '../../schema/index.ts'
import { isNotKnownYet } from '../unknown/not-known-yet.ts'

/** A call whose parameters are known to be right. */
export interface ReadyCall {
  readonly call: Call
  readonly params: unknown
}

/** What a task's function gives for a host, as a list; undefined when it gives nothing. `loop` tells a list from a single call. */
export function callsOf(
  task: TaskData,
  scope: AnyScope,
): { readonly calls: readonly Call[]; readonly loop: boolean } | undefined {
  const { given, made } = watchingCalls(() => giveFor(task, scope))
  const forgotten = made.find((call) => !(Array.isArray(given) ? given.includes(call) : given === call))
  if (forgotten !== undefined) throw notReturned(forgotten, task)
  if (given === undefined || given === null || given === false) return undefined
  const calls = Array.isArray(given) ? (given as readonly Call[]) : [given as Call]
  const stranger = calls.find((call) => typeof call?.module?.plan !== 'function')
  if (stranger !== undefined)
    throw new HostwrightError(`the task's function gives ${typeof stranger}, not a module call`, {
      kind: 'input',
      ...placed(task),
      next: 'return what a module gives: () => ping({}), a list of such calls, or false to skip',
    })
  return { calls: calls.map((call) => withDefaults(call, defaultsFor(task, scope))), loop: Array.isArray(given) }
}

function defaultsFor(task: TaskData, scope: AnyScope): readonly Defaults[] {
  return task.defaults.flatMap((given) => (typeof given === 'function' ? given(scope) : given))
}

function notReturned(call: Call, task: TaskData): HostwrightError {
  const { name } = call.module
  return new HostwrightError(
    `${name} is called here, and the task's function does not return the call: nothing would be done`,
    {
      kind: 'input',
      ...placed(call.site.place === undefined ? task : call),
      next: `return it: () => ${name}({ … }); for several, return a list of calls`,
    },
  )
}

function giveFor(task: TaskData, scope: AnyScope): unknown {
  try {
    return task.give(scope)
  } catch (error) {
    if (isNotKnownYet(error)) throw error
    const place = error instanceof HostwrightError ? task.site.place : (placeOfError(error) ?? task.site.place)
    const own = asHostwrightError(error, { kind: 'input', ...defined({ place }) })
    throw error instanceof HostwrightError
      ? own
      : new HostwrightError(
          `the task's function threw ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`,
          {
            kind: 'input',
            ...defined({ place }),
            next: 'mend the playbook at this line',
            cause: error,
          },
        )
  }
}

/** Checks a call's parameters, what its module says of them, and what can be tried on the controller. Throws input errors. */
export function readyCall(call: Call, context: TaskContext): ReadyCall {
  const params = validParams(call)
  try {
    call.module.preflight?.(params, context)
  } catch (error) {
    if (isNotKnownYet(error)) throw error
    throw asHostwrightError(error, { kind: 'input', ...placed(call) })
  }
  return { call, params }
}

/** Parameters that were found right, by what was written: the same are given when all is checked and when it is planned, and for many hosts. */
const right = new WeakMap<Call['schema'], Map<string, unknown>>()
const mostRight = 1000

function validParams(call: Call): unknown {
  const key = keyOf(call.params)
  const known = right.get(call.schema) ?? new Map<string, unknown>()
  right.set(call.schema, known)
  if (key !== undefined && known.has(key)) return known.get(key)
  const params = checkedParams(call)
  if (known.size >= mostRight) known.clear()
  if (key !== undefined) known.set(key, params)
  return params
}

/** The key under which checked parameters are remembered. Only plain values have one; others are checked each time. */
function keyOf(written: unknown): string | undefined {
  if (typeof written !== 'object' || written === null) return undefined
  return Object.values(written).every(isPlain) ? JSON.stringify(written) : undefined
}

const isPlain = (value: unknown): boolean =>
  value === undefined || typeof value === 'string' || typeof value === 'boolean' || Number.isFinite(value)

function checkedParams(call: Call): unknown {
  const valid = validate(call.schema, call.params ?? {}, 'parameter')
  const complaints = valid.ok
    ? (call.module.check?.(valid.value) ?? [])
    : valid.problems.map((problem) => problem.message)
  if (valid.ok && complaints.length === 0) return valid.value
  throw new InputErrors(
    complaints.map(
      (complaint) =>
        new HostwrightError(`${call.module.name}: ${complaint}`, {
          kind: 'input',
          ...placed(call),
          next: `hostwright doc ${call.module.name} lists its parameters`,
        }),
    ),
  )
}

function placed(of: { readonly site: Call['site'] }) {
  const place = of.site.place
  return defined({ place })
}
