import type { Entry } from '../measure/race.ts'
import { keys, loop, type LoopKind, loopKinds } from '../work/loop.ts'
import type { Case, Form, Stage } from './case.ts'
import { lightHeat } from './light.ts'
import type { Runs } from './racers.ts'

const items = 100

/**
 * Who runs how often: on one host, where hardly anything but the login is left to wait for, and on ten; each as the first run in a while, and a moment after another.
 */
const heats: Readonly<Record<Form, Readonly<Record<number, Runs>>>> = {
  short: { 1: { hostwright: 3, script: 3, mitogen: 1 } },
  full: {
    1: { hostwright: 9, script: 9, mitogen: 5, pipelining: 1, ansible: 1 },
    10: { hostwright: 9, script: 9, mitogen: 2 },
  },
}

export const loopCase: Case = {
  name: 'loop',
  title: `One task with a loop of ${items} items, converged`,
  minutes: { short: 3, full: 20 },
  run: async (stage) => {
    await stage.hosts.light(1)
    const entries: Entry[] = []
    for (const [hosts, runs] of Object.entries(heats[stage.form]))
      for (const kind of loopKinds) {
        const [what, work] = [`loop of ${items} ${kind}`, loop(kind, await itemsOf(kind, stage))]
        const heat = { work, hosts: Number(hosts), runs }
        entries.push(...(await lightHeat(stage, { ...heat, what })))
        const again = { ...heat, runs: quick(runs), what: `${what}, login kept`, kept: true }
        entries.push(...(await lightHeat(stage, again)))
      }
    return entries
  },
}

/** Not the forms of Ansible that take so long that no login is kept over it. */
const quick = ({ ansible: _, pipelining: __, ...runs }: Runs): Runs => runs

const itemsOf = async (kind: LoopKind, { hosts }: Stage): Promise<readonly string[]> =>
  kind === 'packages' ? hosts.somePackages(items) : keys(items)
