import type { Entry } from '../measure/race.ts'
import { mixed } from '../work/mixed.ts'
import type { Case, Form } from './case.ts'
import { lightHeat } from './light.ts'
import type { Runs } from './racers.ts'

interface Growth {
  /** Number of tasks, on one host. */
  readonly tasks: Readonly<Record<number, Runs>>
  /** Number of hosts, with 100 tasks each. */
  readonly hosts: Readonly<Record<number, Runs>>
}

const sizes: Readonly<Record<Form, Growth>> = {
  short: {
    tasks: {
      10: { hostwright: 2, script: 2, mitogen: 1 },
      100: { hostwright: 2, script: 2 },
      300: { hostwright: 2, script: 2 },
    },
    hosts: { 1: { hostwright: 2, script: 2 }, 10: { hostwright: 2, script: 2 }, 30: { hostwright: 2, script: 2 } },
  },
  full: {
    tasks: {
      10: { hostwright: 5, script: 5, mitogen: 3, pipelining: 1, ansible: 1 },
      30: { hostwright: 5, script: 5, mitogen: 1 },
      100: { hostwright: 5, script: 5, mitogen: 1, pipelining: 1, ansible: 1 },
      300: { hostwright: 5, script: 5, mitogen: 1 },
      1000: { hostwright: 3, script: 3, mitogen: 1 },
    },
    hosts: {
      1: { hostwright: 5, script: 5, mitogen: 1 },
      10: { hostwright: 5, script: 5, mitogen: 1 },
      20: { hostwright: 3, script: 3, mitogen: 1 },
      50: { hostwright: 3, script: 3 },
      100: { hostwright: 3, script: 3 },
      200: { hostwright: 3, script: 3 },
    },
  },
}

export const growthCase: Case = {
  name: 'growth',
  title: 'What more tasks and more hosts cost',
  minutes: { short: 1, full: 14 },
  run: async (stage) => {
    const { tasks, hosts } = sizes[stage.form]
    const entries: Entry[] = []
    for (const [count, runs] of Object.entries(tasks))
      entries.push(...(await lightHeat(stage, { what: 'more tasks', work: mixed(Number(count)), hosts: 1, runs })))
    for (const [count, runs] of Object.entries(hosts))
      entries.push(...(await lightHeat(stage, { what: 'more hosts', work: mixed(100), hosts: Number(count), runs })))
    return entries
  },
}
