import { complaint } from '../measure/recap.ts'
import type { Case } from './case.ts'
import { settleSite, siteRacers } from './site.ts'

const runs = {
  short: { hostwright: 3, tsx: 3, script: 3, mitogen: 1 },
  full: { hostwright: 9, tsx: 5, script: 9, mitogen: 5, pipelining: 3, ansible: 3 },
} as const

export const convergedCase: Case = {
  name: 'converged',
  title: 'site.ts over three hosts once more, with nothing to do',
  minutes: { short: 4, full: 10 },
  run: async (stage) => {
    await stage.hosts.freshSite()
    const racers = siteRacers(stage, runs[stage.form])
    await settleSite(stage, racers)
    return stage.race({
      at: { what: 'site.ts, converged', hosts: 3, tasks: 40 },
      racers,
      judge: (cost, recap) => complaint(recap, cost, { hosts: 3, converged: true }),
    })
  },
}
