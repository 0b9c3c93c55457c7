import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Way } from '../hosts/hosts.ts'
import { endLeftover } from '../hosts/leftover.ts'
import { complaint, recapOf } from '../measure/recap.ts'
import type { Entry, Race, Racer } from '../measure/race.ts'
import type { Workload } from '../work/task.ts'
import { writeCheck, writeWorkload, type Written } from '../work/write.ts'
import type { Stage } from './case.ts'
import { commandOf, racersFor, type Course, type Runs } from './racers.ts'

export interface Heat {
  readonly what: string
  readonly work: Workload
  readonly hosts: number
  readonly runs: Runs
  readonly rtt?: number
  /** Instead of the hosts' own addresses: through a relay. */
  readonly way?: Way
  /** A moment after another run of the same tool, which finds the logins that it has kept. */
  readonly kept?: boolean
  /** What is noted as a run's time, instead of the time until it ended. */
  readonly seconds?: Race['seconds']
}

/** Everybody does the same converged work on light hosts. */
export async function lightHeat(stage: Stage, heat: Heat): Promise<readonly Entry[]> {
  const { hosts, work, runs, what, rtt, seconds, kept = false } = { ...heat, hosts: stage.hosts }
  await hosts.light(heat.hosts)
  const written = writeWorkload(work, 'light', stage.folder)
  const check = writeCheck(work, written)
  const straight = { inventory: hosts.lightInventory(heat.hosts), login: hosts.login }
  const course = { ...written, library: stage.packaged, script: () => check, way: straight }
  await bringAbout(stage, written, course, heat.hosts)
  const own = kept ? { ...stage, folder: join(stage.folder, 'kept') } : stage
  mkdirSync(own.folder, { recursive: true, mode: 0o700 })
  const racers = racersFor(own, { ...course, way: heat.way ?? straight }, runs)
  try {
    return await stage.race({
      at: { what, hosts: heat.hosts, tasks: work.tasks.length, ...(rtt === undefined ? {} : { rtt }) },
      racers: kept ? racers.map(staying) : racers,
      judge: (cost, recap) => complaint(recap, cost, { hosts: heat.hosts, converged: true }),
      ...(kept ? { before: () => sleep(1000) } : {}),
      ...(seconds === undefined ? {} : { seconds }),
    })
  } finally {
    if (kept) endLeftover(own.folder)
  }
}

const staying = (racer: Racer): Racer => ({
  ...racer,
  command: { ...racer.command, stay: true },
  ...(racer.telling === undefined ? {} : { telling: { ...racer.telling, stay: true } }),
})

/** Brings the work about where it is not yet: by hostwright, to whose result the others then find nothing to add. */
async function bringAbout(stage: Stage, { name, tasks }: Written, course: Course, count: number): Promise<void> {
  // A shorter workload is the beginning of a longer one of its kind.
  const kind = name.split('-')[0] ?? ''
  const { brought } = stage.hosts
  const keys = Array.from({ length: count }, (_, i) => `${kind} on light${i + 1}`)
  if (keys.every((key) => (brought.get(key) ?? 0) >= tasks)) return
  await prepare(stage, course, 'hostwright', count)
  for (const key of keys) brought.set(key, Math.max(tasks, brought.get(key) ?? 0))
}

/** Runs a tool outside of what is measured. */
export async function prepare(stage: Stage, course: Course, tool: 'hostwright' | 'mitogen' | 'script', hosts: number) {
  stage.say(`  preparing ${hosts} hosts by ${tool}`)
  const cost = await stage.measure(commandOf(stage, course, tool), false)
  const wrong = complaint(recapOf(cost.stdout), cost, { hosts, converged: false })
  if (wrong === undefined) return
  throw new Error(`preparing by ${tool}: ${wrong}\n${cost.stdout.slice(-2000)}\n${cost.stderr.slice(-2000)}`)
}
