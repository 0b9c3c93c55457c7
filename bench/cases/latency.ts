import { hostsIn } from '../hosts/inventory.ts'
import type { Entry } from '../measure/race.ts'
import { openRelay, relayAddress } from '../relay/open.ts'
import { readFileSync } from 'node:fs'
import { mixed } from '../work/mixed.ts'
import type { Case, Form } from './case.ts'
import { lightHeat } from './light.ts'
import type { Runs } from './racers.ts'

/** Added round-trip time in milliseconds → who runs how often. */
const heats: Readonly<Record<Form, Readonly<Record<number, Runs>>>> = {
  short: {
    0: { hostwright: 3, script: 3, mitogen: 1 },
    50: { hostwright: 3, script: 3 },
    200: { hostwright: 3, script: 3, mitogen: 1 },
  },
  full: {
    0: { hostwright: 7, script: 7, mitogen: 2, pipelining: 1 },
    50: { hostwright: 7, script: 7, mitogen: 2, pipelining: 1 },
    200: { hostwright: 7, script: 7, mitogen: 1, pipelining: 1 },
  },
}

export const latencyCase: Case = {
  name: 'latency',
  title: '100 different tasks, converged, on one host farther and farther away',
  minutes: { short: 2, full: 8 },
  run: async (stage) => {
    const { hosts } = stage
    await hosts.light(1)
    const light = hostsIn(readFileSync(hosts.lightInventory(1), 'utf8'))
    const entries: Entry[] = []
    for (const [added, runs] of Object.entries(heats[stage.form])) {
      const rtt = Number(added)
      const relay = await openRelay(hosts.inside, rtt, light)
      try {
        const way = hosts.lightThrough(relayAddress, relay.ports)
        entries.push(...(await lightHeat(stage, { what: 'mixed tasks', work: mixed(100), hosts: 1, runs, rtt, way })))
      } finally {
        await relay.close()
      }
    }
    return entries
  },
}
