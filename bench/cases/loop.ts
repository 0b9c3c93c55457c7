import { loop } from '../work/loop.ts'
import type { Case } from './case.ts'
import { lightHeat } from './light.ts'

const runs = {
  short: { hostwright: 3, script: 3, mitogen: 1 },
  full: { hostwright: 9, script: 9, mitogen: 5, pipelining: 3, ansible: 3 },
} as const

export const loopCase: Case = {
  name: 'loop',
  title: 'One task with a loop of 100 items, converged, on one host',
  minutes: { short: 0.5, full: 4 },
  run: (stage) => lightHeat(stage, { what: 'loop of 100', work: loop(100), hosts: 1, runs: runs[stage.form] }),
}
