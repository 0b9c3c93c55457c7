import { controllerAt } from '../engine/prepare/controller.ts'
import { readyCall } from '../engine/prepare/call.ts'
import type { Host } from '../host/host.ts'
import { PlanRecord } from '../host/plan-record.ts'
import type { Call, Diff, TaskContext } from '../play/module.ts'
import { broken } from './broken.ts'

/** What a call did. */
export interface Done<R> {
  /** Whether it changed something. On a simulated host: whether it would. */
  readonly changed: boolean
  /** The module's result. */
  readonly result: R
  /** What changed; empty when nothing did. */
  readonly diff: readonly Diff[]
}

/**
 * Makes the context of a task for modules that read the controller's files or the host's variables.
 *
 * @param folder - stands for the playbook's folder: files are found in `templates/` or `files/` there, or in the folder itself.
 * @param vars - the variables that templates see; none by default.
 * @example
 * await runCall(host, template({ src: 'port.conf.ejs', dest: '/etc/port.conf' }), taskIn('test/fixtures', { port: 8080 }))
 */
export function taskIn(folder: string, vars: Readonly<Record<string, unknown>> = {}): TaskContext {
  return { vars, controller: controllerAt(folder)() }
}

/**
 * Validates, plans and applies one call on a host, as a run does for a task. Nothing is tried again.
 *
 * @param task - the files and variables that the module may read: see {@link taskIn}. By default the current folder, and no variables.
 * @throws InputErrors when a parameter is wrong; HostwrightError when the module fails.
 * @example
 * const { changed, result } = await runCall(host, stat({ path: '/etc/hosts' }))
 */
export async function runCall<R>(host: Host, call: Call<R>, task: TaskContext = taskIn('.')): Promise<Done<R>> {
  const { params } = readyCall(call, task)
  const record = new PlanRecord()
  const plan = await call.module.plan(params, record.reading(host), task)
  if (!plan.changed) return { changed: false, result: plan.result as R, diff: [] }
  const applied = await plan.apply(record.applying(host))
  return { changed: true, result: { ...(plan.result as object), ...applied } as R, diff: plan.diff }
}

/**
 * Runs a call that must fail.
 *
 * @returns the message of its error.
 * @throws AssertionError when it does not fail.
 * @example
 * match(await refusal(host, file({ path: 'relative', state: 'directory' })), /absolute/)
 */
export async function refusal(host: Host, call: Call<unknown>, task?: TaskContext): Promise<string> {
  let done: Done<unknown>
  try {
    done = await runCall(host, call, task)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw broken(`${call.module.name} should have failed, and ${done.changed ? 'changed something' : 'changed nothing'}`)
}
