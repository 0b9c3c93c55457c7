import { readFileSync } from 'node:fs'
import { hostsIn } from '../hosts/inventory.ts'
import { measure } from '../measure/measure.ts'
import { complaint, recapOf } from '../measure/recap.ts'
import type { Entry, Racer } from '../measure/race.ts'
import { ansible } from '../tools/ansible.ts'
import { hostwright, tellingCosts, type Run } from '../tools/hostwright.ts'
import { scripts } from '../tools/script.ts'
import { isAnsible, type Tool } from '../tools/tool.ts'
import type { Workload } from '../work/task.ts'
import { writeWorkload, type Written } from '../work/write.ts'
import type { Stage } from './case.ts'

/** So many runs of each tool; who is missing is not measured there. */
export type Runs = Partial<Readonly<Record<Tool, number>>>

export interface Heat {
  readonly what: string
  readonly work: Workload
  readonly hosts: number
  readonly runs: Runs
  readonly rtt?: number
  /** Instead of the hosts' own addresses, for those who reach them through a relay. */
  readonly inventory?: string
}

/** Seconds: a run beyond it is cut off. */
const limit = 1800

/** What was brought about on which light host, by the names of workloads. */
const brought = new Map<string, number>()

/** Everybody does the same converged work on light hosts. */
export async function lightHeat(stage: Stage, heat: Heat): Promise<readonly Entry[]> {
  const { hosts, folder, library, forks } = stage
  await hosts.light(heat.hosts)
  const straight = hosts.lightInventory(heat.hosts)
  const written = writeWorkload(heat.work, 'light', library, folder)
  const run = { playbook: written.typescript, inventory: straight, forks, limit }
  await bringAbout(stage, written, heat, run)
  const inventory = heat.inventory ?? straight
  const racers = Object.entries(heat.runs)
    .filter(([tool]) => stage.wants(tool as Tool))
    .map(([tool, runs]) => racer(stage, tool as Tool, written, { ...run, inventory }, stage.runs(runs)))
  const wanted = { hosts: heat.hosts, converged: true }
  return stage.race({
    at: {
      what: heat.what,
      hosts: heat.hosts,
      tasks: heat.work.tasks.length,
      ...(heat.rtt === undefined ? {} : { rtt: heat.rtt }),
    },
    racers,
    judge: (cost, recap) => complaint(recap, cost, wanted),
  })
}

function racer(stage: Stage, tool: Tool, written: Written, run: Run, runs: number): Racer {
  const { hosts, folder, library, forks } = stage
  if (tool === 'hostwright') {
    const command = hostwright(library, run)
    return { tool, runs, command, telling: tellingCosts(command) }
  }
  if (isAnsible(tool)) return { tool, runs, command: ansible(tool, folder)({ ...run, playbook: written.yaml }) }
  const aims = hostsIn(readFileSync(run.inventory, 'utf8')).map((host) => ({ ...host, script: written.script }))
  return { tool, runs, command: scripts(folder, hosts.login, aims, forks, limit) }
}

/** Brings the work about where it is not yet: by hostwright, to whose result the others then find nothing to add. */
async function bringAbout(stage: Stage, written: Written, { hosts }: Heat, run: Run): Promise<void> {
  const [kind = ''] = written.name.split('-')
  const done = Array.from({ length: hosts }, (_, i) => brought.get(`${kind} light${i + 1}`) ?? 0)
  if (done.every((tasks) => tasks >= written.tasks)) return
  stage.say(`  preparing ${hosts} hosts for ${written.name}`)
  const cost = await measure(hostwright(stage.library, run), { ...stage.hosts, folder: stage.folder, memory: false })
  const wrong = complaint(recapOf(cost.stdout), cost, { hosts, converged: false })
  if (wrong !== undefined)
    throw new Error(`preparing ${written.name}: ${wrong}\n${cost.stdout.slice(-2000)}\n${cost.stderr.slice(-2000)}`)
  for (let i = 0; i < hosts; i += 1) brought.set(`${kind} light${i + 1}`, Math.max(written.tasks, done[i] ?? 0))
}
