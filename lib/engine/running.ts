import type { LookAhead } from './ahead/look-ahead.ts'
import type { Progress } from './progress.ts'
import type { RunState } from './task/run-state.ts'

/** A run on its way. */
export interface Running extends RunState {
  readonly progress: Progress
  readonly lookAhead: LookAhead
  /** Has `--start-at-task` been met? */
  started: boolean
  /** Does `--step` still ask? */
  confirmEach: boolean
}
