import { defined } from '../../defined.ts'
import { becomeSettings, connectionSettings, type CommandLineDefaults } from '../../connection/index.ts'
import { asHostwrightError, HostwrightError, InputErrors, showPlace } from '../../error.ts'
import type { Facts } from '../../host/facts.ts'
import type { PlayData, TaskData } from '../../play/data.ts'
import { didYouMean } from '../../schema/index.ts'
import { callsOf, readyCall } from './call.ts'
import { isNotKnownYet, knownInRun } from '../unknown/not-known-yet.ts'
import type { PlayPlan } from './plays.ts'
import { contextOf, scopeOf } from './scope.ts'
import { listed, tasksIn } from './select.ts'

/**
 * Checks, before any host is connected to, everything that does not depend on a live host: variables, parameters, templates and files of every task on
 * every host, and the names of handlers. All that is wrong is thrown together.
 */
export function preflightPlays(plans: readonly PlayPlan[], connection: CommandLineDefaults): void {
  const found = new Found()
  for (const plan of plans) {
    checkNotifies(plan.play, found)
    for (const host of plan.hosts) {
      checkWay(plan, host, connection, found)
      checkHost(plan, host, found)
    }
  }
  found.throwIfAny()
}

/** The variables that say how to reach a host, and whom to become there. */
function checkWay(plan: PlayPlan, host: string, connection: CommandLineDefaults, found: Found): void {
  try {
    const vars = plan.source.variables.all(host)
    connectionSettings(host, vars, connection)
    becomeSettings(vars)
  } catch (error) {
    found.add(error, host, undefined)
  }
}

function checkHost(plan: PlayPlan, host: string, found: Found): void {
  try {
    plan.source.variables.checked(host)
  } catch (error) {
    found.add(error, host, undefined)
    return
  }
  const facts = knownInRun<Facts>('facts')
  const scope = scopeOf(plan.source, host, knownInRun('results'), facts)
  for (const { task } of [...tasksIn(plan.entries), ...plan.play.handlers.map((handler) => ({ task: handler }))])
    try {
      const context = contextOf(plan.source, host, facts, task)
      for (const call of callsOf(task, scope)?.calls ?? []) readyCallUnlessLive(() => readyCall(call, context))
    } catch (error) {
      if (!isNotKnownYet(error)) found.add(error, host, task)
    }
}

function readyCallUnlessLive(check: () => unknown): void {
  try {
    check()
  } catch (error) {
    if (!isNotKnownYet(error)) throw error
  }
}

function checkNotifies(play: PlayData, found: Found): void {
  const names = play.handlers.map((handler) => handler.name)
  for (const { task } of tasksIn(play.entries))
    for (const name of listed(task.options.notify))
      if (!names.includes(name))
        found.add(
          new HostwrightError(
            `task "${task.name}" notifies "${name}", which is no handler of this play${didYouMean(name, names)}`,
            {
              kind: 'input',
              ...defined({ place: task.site.place }),
              next: `define it: .handler('${name}', …)`,
            },
          ),
          undefined,
          task,
        )
}

/** Errors so far; the same one on several hosts is kept once, with all their names. */
class Found {
  readonly #errors = new Map<string, { readonly error: HostwrightError; readonly hosts: string[] }>()

  add(thrown: unknown, host: string | undefined, task: TaskData | undefined): void {
    const several = thrown instanceof InputErrors ? thrown.errors : [asHostwrightError(thrown, { kind: 'input' })]
    for (const one of several) {
      const error = one.at({
        ...defined({ task: task?.name, place: task?.site.place }),
      })
      const key = `${error.message}\n${error.place === undefined ? '' : showPlace(error.place)}`
      const known = this.#errors.get(key) ?? { error, hosts: [] }
      if (host !== undefined && !known.hosts.includes(host)) known.hosts.push(host)
      this.#errors.set(key, known)
    }
  }

  throwIfAny(): void {
    const errors = [...this.#errors.values()].map(({ error, hosts }) =>
      hosts.length === 0
        ? error
        : new HostwrightError(error.message, {
            kind: 'input',
            data: error.data,
            host: hosts.join(', '),
            ...defined({ task: error.task, place: error.place, next: error.next }),
          }),
    )
    if (errors.length > 0) throw new InputErrors(errors)
  }
}
