import type { Entry } from '../measure/race.ts'
import { loop, loopKinds } from '../work/loop.ts'
import type { Case } from './case.ts'
import { lightHeat } from './light.ts'

const runs = {
  short: { hostwright: 3, script: 3, mitogen: 1 },
  full: { hostwright: 9, script: 9, mitogen: 5, pipelining: 1, ansible: 1 },
} as const

export const loopCase: Case = {
  name: 'loop',
  title: 'One task with a loop of 100 items, converged, on one host',
  minutes: { short: 0.5, full: 4 },
  run: async (stage) => {
    const entries: Entry[] = []
    for (const kind of loopKinds)
      entries.push(
        ...(await lightHeat(stage, {
          what: `loop of 100 ${kind}`,
          work: loop(kind, 100),
          hosts: 1,
          runs: runs[stage.form],
        })),
      )
    return entries
  },
}
