import type { Entry } from '../measure/race.ts'
import { keys, loop, type LoopKind, loopKinds } from '../work/loop.ts'
import type { Case, Form, Stage } from './case.ts'
import { lightHeat } from './light.ts'
import type { Runs } from './racers.ts'

const items = 100

/** Where hardly anything but the login is left to wait for, and where more than one host is at work. */
const alone = 1
const many = 10

const usual: Readonly<Record<Form, Runs>> = {
  short: { hostwright: 3, script: 3, mitogen: 1 },
  full: { hostwright: 9, script: 9, mitogen: 5, pipelining: 1, ansible: 1 },
}
/** A rival takes a minute for its packages, and nearly one for the ten hosts. */
const long: Readonly<Record<Form, Runs>> = {
  short: { hostwright: 3, script: 3, mitogen: 1 },
  full: { hostwright: 9, script: 9, mitogen: 2 },
}

export const loopCase: Case = {
  name: 'loop',
  title: `One task with a loop of ${items} items, converged`,
  minutes: { short: 2, full: 12 },
  run: async (stage) => {
    await stage.hosts.light(1)
    const entries: Entry[] = []
    for (const hosts of stage.form === 'full' ? [alone, many] : [alone])
      for (const kind of loopKinds) {
        // On ten hosts, packages would take a rival many minutes.
        if (kind === 'packages' && hosts === many) continue
        const runs = (kind === 'packages' || hosts === many ? long : usual)[stage.form]
        const work = loop(kind, await itemsOf(kind, stage))
        entries.push(...(await lightHeat(stage, { what: `loop of ${items} ${kind}`, work, hosts, runs })))
      }
    return entries
  },
}

const itemsOf = async (kind: LoopKind, { hosts }: Stage): Promise<readonly string[]> =>
  kind === 'packages' ? hosts.somePackages(items) : keys(items)
