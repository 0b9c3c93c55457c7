import type { RunSettings } from '../engine/prepare/settings.ts'
import type { Console } from './console.ts'

type Confirm = NonNullable<RunSettings['confirm']>

/** Ansible's question of `--step`; no answer means no, and `c` ends the asking. */
export function stepByStep(console: Console): Confirm {
  return async (task) => {
    for (;;) {
      const answer = (await console.ask(`Perform task: TASK: ${task} (N)o/(y)es/(c)ontinue: `)).trim().toLowerCase()
      if (answer === 'y' || answer === 'yes') return 'yes'
      if (answer === 'c' || answer === 'continue') return 'continue'
      if (answer === '' || answer === 'n' || answer === 'no') return 'no'
    }
  }
}
