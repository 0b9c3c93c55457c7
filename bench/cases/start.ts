import { readFileSync } from 'node:fs'
import { hostsIn } from '../hosts/inventory.ts'
import { openRelay, relayAddress } from '../relay/open.ts'
import { mixed } from '../work/mixed.ts'
import type { Case } from './case.ts'
import { lightHeat } from './light.ts'

const runs = {
  short: { hostwright: 3, script: 3, mitogen: 1, ansible: 1 },
  full: { hostwright: 9, script: 9, mitogen: 5, ansible: 5 },
} as const

export const startCase: Case = {
  name: 'start',
  title: 'From the command line to the first byte on the wire',
  minutes: { short: 0.5, full: 1 },
  run: async (stage) => {
    const { hosts } = stage
    await hosts.light(1)
    const relay = await openRelay(hosts.inside, 0, hostsIn(readFileSync(hosts.lightInventory(1), 'utf8')))
    try {
      const way = hosts.lightThrough(relayAddress, relay.ports)
      const seconds = ({ started }: { readonly started: number }) => (relay.takeFirst() ?? NaN) - started
      return await lightHeat(stage, {
        what: 'first byte',
        work: mixed(10),
        hosts: 1,
        runs: runs[stage.form],
        way,
        seconds,
      })
    } finally {
      await relay.close()
    }
  },
}
