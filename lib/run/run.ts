import { keepLogins } from '../connection/index.ts'
import * as realEngine from '../engine/index.ts'
import type { RunSettings } from '../engine/prepare/settings.ts'
import { HostwrightError, InputErrors } from '../error.ts'
import type { PlaybookData } from '../play/data.ts'
import { masked } from '../report/masked.ts'
import type { RunOptions } from './options.ts'
import { type Kept, OutcomeRecorder, type RunOutcome } from './outcome.ts'
import { runSettings } from './settings.ts'

export type Engine = Pick<typeof realEngine, 'runPlaybook' | 'preflight' | 'listHosts' | 'listTasks'>

/** Runs a playbook for a program: nothing secret reaches its reports, and its logins are kept when it is done. */
export async function runForProgram(playbook: PlaybookData, options: RunOptions): Promise<RunOutcome> {
  try {
    const settings = await runSettings(playbook, options)
    return await runWith(settings, { keeps: options.results === false ? 'failures' : 'all', masks: true })
  } catch (error) {
    throw inputErrors(error)
  } finally {
    if (options.keepLogins !== false) await keepLogins()
  }
}

export interface RunningOptions {
  /** What the outcome has of the results: all, those that failed, or none, which leaves the heap small. */
  readonly keeps: Kept
  /** Whether known secrets are masked in all events, for reports that do not mask. */
  readonly masks: boolean
}

/** Runs a playbook with settings that are complete. An interrupted run is an outcome, not an error. */
export async function runWith(
  settings: RunSettings,
  { keeps, masks }: RunningOptions,
  engine: Engine = realEngine,
): Promise<RunOutcome> {
  const recorder = new OutcomeRecorder(keeps)
  const noted = recorder.before(settings.report)
  const report = masks ? masked(noted) : noted
  const interrupted = { counts: {}, failed: false, unreachable: false, interrupted: true }
  if (isAborted(settings)) return recorder.outcome(interrupted)
  try {
    return recorder.outcome(await engine.runPlaybook({ ...settings, report }))
  } catch (error) {
    // Whatever is cut off may fail in its own way.
    if (isAborted(settings)) return recorder.outcome(interrupted)
    throw error
  }
}

function isAborted({ signal }: RunSettings): boolean {
  return signal?.aborted === true
}

/** Makes every error about input an `InputErrors`, so that a program has one kind to catch. */
function inputErrors(error: unknown): unknown {
  const single = error instanceof HostwrightError && !(error instanceof InputErrors) && error.kind === 'input'
  return single ? new InputErrors([error]) : error
}
