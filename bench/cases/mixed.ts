import { mixed } from '../work/mixed.ts'
import type { Case, Form } from './case.ts'
import { lightHeat } from './light.ts'
import type { Runs } from './racers.ts'

/** Who runs how often on how many hosts. Where a tool would take longer than anybody waits, it is left out. */
const heats: Readonly<Record<Form, Readonly<Record<number, Runs>>>> = {
  short: {
    1: { hostwright: 3, script: 3, mitogen: 2, pipelining: 1, ansible: 1 },
    10: { hostwright: 3, script: 3, mitogen: 1 },
  },
  full: {
    1: { hostwright: 9, script: 9, mitogen: 5, pipelining: 3, ansible: 3 },
    10: { hostwright: 9, script: 9, mitogen: 2 },
    50: { hostwright: 5, script: 5 },
    100: { hostwright: 5, script: 5, mitogen: 1 },
  },
}

export const mixedCase: Case = {
  name: 'mixed',
  title: '100 different tasks, converged, on more and more hosts',
  minutes: { short: 2, full: 18 },
  run: async (stage) => {
    const entries = []
    for (const [hosts, runs] of Object.entries(heats[stage.form]))
      entries.push(...(await lightHeat(stage, { what: 'mixed tasks', work: mixed(100), hosts: Number(hosts), runs })))
    return entries
  },
}
