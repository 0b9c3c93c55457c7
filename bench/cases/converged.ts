import { complaint } from '../measure/recap.ts'
import type { Case } from './case.ts'
import { prepare } from './light.ts'
import { racersFor } from './racers.ts'
import { siteCourse, siteTasks } from './site.ts'

const runs = {
  short: { hostwright: 3, tsx: 3, script: 3, mitogen: 1 },
  full: { hostwright: 9, tsx: 5, script: 9, mitogen: 5, pipelining: 3, ansible: 3 },
} as const

export const convergedCase: Case = {
  name: 'converged',
  title: 'site.ts over three hosts once more, with nothing to do',
  minutes: { short: 2, full: 5 },
  run: async (stage) => {
    await stage.hosts.freshSite()
    const course = siteCourse(stage)
    // What each of them adds (Ansible's modules need packages of their own) is no drift to the others.
    for (const tool of ['hostwright', 'script', 'mitogen'] as const)
      if (stage.wants(tool)) await prepare(stage, course, tool, 3)
    return stage.race({
      at: { what: 'site.ts, converged', hosts: 3, tasks: siteTasks },
      racers: racersFor(stage, course, runs[stage.form]),
      judge: (cost, recap) => complaint(recap, cost, { hosts: 3, converged: true }),
    })
  },
}
