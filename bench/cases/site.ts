import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { hostsIn } from '../hosts/inventory.ts'
import { measure, type Command } from '../measure/measure.ts'
import { complaint, recapOf } from '../measure/recap.ts'
import type { Racer } from '../measure/race.ts'
import { siteScripts } from '../site/scripts.ts'
import { ansible } from '../tools/ansible.ts'
import { hostwright, tellingCosts, throughTsx } from '../tools/hostwright.ts'
import { scripts } from '../tools/script.ts'
import { isAnsible, type Tool } from '../tools/tool.ts'
import type { Stage } from './case.ts'
import type { Runs } from './light.ts'

const yaml = fileURLToPath(new URL('../site/ansible/site.yml', import.meta.url))

/** Seconds: a run beyond it is cut off. */
const limit = 900

/** What each tool runs to bring site.ts's three hosts about. */
export function siteRacers(stage: Stage, runs: Runs): readonly Racer[] {
  return Object.entries(runs)
    .filter(([tool]) => stage.wants(tool as Tool))
    .map(([name, count]) => {
      const tool = name as Tool
      const command = siteCommand(stage, tool)
      return {
        tool,
        command,
        runs: stage.runs(count),
        ...(tool === 'hostwright' ? { telling: tellingCosts(command) } : {}),
      }
    })
}

function siteCommand({ hosts, folder, library, forks }: Stage, tool: Tool): Command {
  const inventory = hosts.siteInventory()
  const playbook = join(library, 'playbooks', 'site.ts')
  const run = { playbook, inventory, forks, limit }
  if (tool === 'tsx') return throughTsx(library, run)
  if (tool === 'hostwright') return hostwright(library, run)
  if (isAnsible(tool)) return ansible(tool, folder)({ ...run, playbook: yaml })
  const text = readFileSync(inventory, 'utf8')
  const addresses = Object.fromEntries(hostsIn(text).map(({ name, address }) => [name, address]))
  return scripts(
    folder,
    hosts.login,
    siteScripts(folder, text, addresses as Parameters<typeof siteScripts>[2]),
    forks,
    limit,
  )
}

/** Everybody who is measured, once and outside of what is measured, until nobody finds anything to do. */
export async function settleSite(stage: Stage, racers: readonly Racer[]): Promise<void> {
  for (const { tool, command } of racers) {
    stage.say(`  preparing the hosts by ${tool}`)
    const cost = await measure(command, { ...stage.hosts, folder: stage.folder, memory: false })
    const wrong = complaint(recapOf(cost.stdout), cost, { hosts: 3, converged: false })
    if (wrong !== undefined)
      throw new Error(`preparing by ${tool}: ${wrong}\n${cost.stdout.slice(-3000)}\n${cost.stderr.slice(-3000)}`)
  }
}
