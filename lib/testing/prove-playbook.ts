import type { ResultEvent } from '../events/event.ts'
import type { PlaybookData } from '../play/data.ts'
import { holdsUnknown } from '../play/module.ts'
import { run, type RunOptions, type RunOutcome } from '../run/index.ts'
import { broken, mustEqual } from './broken.ts'

/** What {@link provePlaybook} may be told, beside the options of a run. */
export interface ProvePlaybookOptions extends Omit<RunOptions, 'check' | 'diff' | 'results'> {
  /** Names of tasks that change something on every run, such as a command that cannot tell; none by default. */
  readonly alwaysChanges?: readonly string[]
}

/** The three runs of {@link provePlaybook}. */
export interface ProvenRuns {
  /** The run in check mode. */
  readonly predicted: RunOutcome
  /** The run. */
  readonly done: RunOutcome
  /** The second run, which changed nothing. */
  readonly second: RunOutcome
}

/**
 * Runs a playbook in check mode, then for real, then once more. Fails if check mode did not predict each task on each host, with its diff, or if the second
 * run changes something. Where check mode says that it cannot know (a result with a `note`), the prediction is not compared. A role is tested in a play
 * that uses it.
 *
 * @throws AssertionError that names the task and the host; InputErrors when the playbook, the inventory or an option is wrong.
 * @example
 * const site = playbook('test', [play('Web', { hosts: 'web', become: true, vars }).use(webServer)])
 * const { done } = await provePlaybook(site, { inventory: 'test/hosts.ini', vars: { port: 8080 } })
 */
export async function provePlaybook(
  playbook: PlaybookData,
  { alwaysChanges = [], ...options }: ProvePlaybookOptions = {},
): Promise<ProvenRuns> {
  const predicted = succeeded(await run(playbook, { ...options, check: true, diff: true }), 'in check mode')
  const done = succeeded(await run(playbook, { ...options, diff: true }), 'in the run')
  const expected = byTask(predicted)
  for (const [task, result] of byTask(done)) compare(task, expected.get(task), result)
  const second = succeeded(await run(playbook, { ...options, diff: true }), 'in the second run')
  for (const [task, { task: name, status, diff }] of byTask(second))
    if (status === 'changed' && !alwaysChanges.includes(name))
      throw broken(`${task}: a second run changes it again`, diff)
  return { predicted, done, second }
}

function succeeded(outcome: RunOutcome, when: string): RunOutcome {
  const [failed] = outcome.failures
  if (failed !== undefined) throw broken(`${titleOf(failed)}: ${failed.status} ${when}: ${failed.error?.message ?? ''}`)
  if (!outcome.ok) throw broken(`the playbook did not succeed ${when}`)
  return outcome
}

/** Results by title. A task that comes again under its name, as in a loop of plays, is numbered. */
function byTask({ results }: RunOutcome): ReadonlyMap<string, ResultEvent> {
  const found = new Map<string, ResultEvent>()
  for (const result of results) {
    const title = titleOf(result)
    let key = title
    for (let number = 2; found.has(key); number++) key = `${title}, time ${number}`
    found.set(key, result)
  }
  return found
}

const titleOf = ({ play, task, host }: ResultEvent): string => `"${task}" of "${play}" on ${host}`

function compare(task: string, predicted: ResultEvent | undefined, done: ResultEvent): void {
  if (predicted === undefined) throw broken(`${task}: check mode does not come to it`)
  if (predicted.note !== undefined) return
  mustEqual(done.status, predicted.status, `${task}: check mode says ${predicted.status}, the run says ${done.status}`)
  if (!holdsUnknown(predicted.diff))
    mustEqual(done.diff, predicted.diff, `${task}: the run changed something else than check mode predicts`)
}
