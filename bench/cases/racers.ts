import { readFileSync } from 'node:fs'
import type { Way } from '../hosts/hosts.ts'
import { hostsIn } from '../hosts/inventory.ts'
import type { Command } from '../measure/measure.ts'
import type { Racer } from '../measure/race.ts'
import { ansible } from '../tools/ansible.ts'
import { hostwright, tellingCosts, throughTsx } from '../tools/hostwright.ts'
import { scripts } from '../tools/script.ts'
import { isAnsible, type Tool } from '../tools/tool.ts'
import type { Stage } from './case.ts'

/** So many runs of each tool; who is missing is not measured there. */
export type Runs = Partial<Readonly<Record<Tool, number>>>

/** The same work for everybody. */
export interface Course {
  /** The folder of the hostwright that runs it. */
  readonly library: string
  readonly typescript: string
  readonly yaml: string
  /** The file of the script for a host of this name. */
  readonly script: (host: string) => string
  /** For those that run no playbook and no script. */
  readonly others?: Partial<Readonly<Record<Tool, Command>>>
  readonly way: Way
}

/** Seconds: a run beyond it is cut off. */
export const limit = 1800

/** Those of these tools that are wanted, each with what it runs. */
export const racersFor = (stage: Stage, course: Course, runs: Runs): readonly Racer[] =>
  (Object.entries(runs) as [Tool, number][])
    .filter(([tool]) => stage.wants(tool))
    .map(([tool, count]) => {
      const command = commandOf(stage, course, tool)
      const telling = tool === 'hostwright' ? { telling: tellingCosts(command) } : {}
      return { tool, command, runs: stage.runs(count), ...telling }
    })

export function commandOf({ folder, forks }: Stage, course: Course, tool: Tool): Command {
  const { library } = course
  const { inventory, login } = course.way
  const run = { playbook: course.typescript, inventory, forks, limit }
  if (tool === 'hostwright') return hostwright(library, folder, run)
  if (tool === 'tsx') return throughTsx(library, folder, run)
  if (isAnsible(tool)) return ansible(tool, folder)({ ...run, playbook: course.yaml })
  const other = course.others?.[tool]
  if (other !== undefined) return other
  const aims = hostsIn(readFileSync(inventory, 'utf8')).map((place) => ({
    ...place,
    script: course.script(place.name),
  }))
  return scripts(folder, login, aims, forks, limit)
}
