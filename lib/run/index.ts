import type { PlaybookData } from '../play/data.ts'
import type { RunOptions } from './options.ts'
import type { RunOutcome } from './outcome.ts'

export type { ConnectionOptions, LoadedPlaybook, RunBecomeOptions, RunOptions, SelectionOptions } from './options.ts'
export type { RunSummary } from '../engine/prepare/settings.ts'
export type { RunOutcome } from './outcome.ts'

/**
 * Runs a playbook from a program. It prints nothing and sets no exit code: what happens goes to `report`, and what became of it is the outcome. A host that
 * fails or cannot be reached is part of the outcome, no error. The engine is loaded at the first call.
 *
 * @throws InputErrors when the options, the inventory or the playbook are wrong. Everything is checked, and reported together, before a host is touched.
 * @example
 * const site = playbook('site', [play('Web', { hosts: 'web' }).task('Install nginx', () => pkg({ name: 'nginx' }))])
 * const outcome = await run(site, { inventory: 'hosts.ini', limit: 'web:!web3', become: true, report: (event) => log(event) })
 * if (!outcome.ok) throw new Error(outcome.failures.map(({ host, task }) => `${host}: ${task}`).join('\n'))
 */
export async function run(playbook: PlaybookData, options: RunOptions = {}): Promise<RunOutcome> {
  const { runForProgram } = await import('./run.ts')
  return runForProgram(playbook, options)
}
