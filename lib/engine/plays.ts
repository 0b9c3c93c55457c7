import { HostwrightError } from '../error.ts'
import { limitHosts } from '../inventory/index.ts'
import type { Entry, PlayData } from '../play/data.ts'
import { didYouMean } from '../schema/index.ts'
import { controllerAt } from './controller.ts'
import type { ScopeSource } from './scope.ts'
import { selectEntries, startsAt, tasksIn } from './select.ts'
import type { RunSettings } from './settings.ts'
import { playVariables } from './variables.ts'

/** One play made ready to run: its hosts after `--limit`, its entries after `--tags`. */
export interface PlayPlan {
  readonly play: PlayData
  readonly hosts: readonly string[]
  readonly entries: readonly Entry[]
  readonly source: ScopeSource
}

/** The plays of a run. A pattern that names nothing is told to `warn`; when no play has any host, that is an error. */
export function planPlays(settings: RunSettings, warn: (message: string, play: PlayData) => void): readonly PlayPlan[] {
  const { inventory, playbook, selection } = settings
  const { limit } = selection
  const left = (hosts: readonly string[]) => (limit === undefined ? hosts : limitHosts(inventory, hosts, limit).hosts)
  const controller = controllerAt(settings.playbookDir)
  const plans = playbook.plays.map((play): PlayPlan => {
    const match = inventory.match(play.options.hosts)
    for (const name of match.unmatched)
      warn(
        `pattern "${name}" of play "${play.name}" matches no host or group${didYouMean(name, [...inventory.groups.keys(), ...inventory.hosts])}`,
        play,
      )
    return {
      play,
      hosts: left(match.hosts),
      entries: selectEntries(play, selection),
      source: {
        inventory,
        controller,
        variables: playVariables(play, inventory, settings.playbookDir, settings.extraVars),
      },
    }
  })
  if (plans.length > 0 && plans.every((plan) => plan.hosts.length === 0))
    throw new HostwrightError(
      `no play of "${playbook.name}" has a host: ${[...new Set(plans.map((plan) => `"${plan.play.options.hosts}"`))].join(', ')}`,
      {
        kind: 'input',
        ...placeOf(plans[0]?.play),
        next: `the inventory has ${inventory.hosts.length === 0 ? 'no hosts' : `the groups ${[...inventory.groups.keys()].join(', ')}`}; correct the pattern, the inventory (-i) or --limit`,
      },
    )
  requireStart(settings, plans)
  return plans
}

function requireStart({ selection }: RunSettings, plans: readonly PlayPlan[]): void {
  const start = selection.startAtTask
  if (start === undefined) return
  const names = plans.flatMap((plan) => tasksIn(plan.entries).map(({ task }) => task.name))
  if (!names.some((name) => startsAt(start, name)))
    throw new HostwrightError(`--start-at-task: there is no task "${start}"${didYouMean(start, names)}`, {
      kind: 'input',
      next: '--list-tasks shows their names',
    })
}

function placeOf(play: PlayData | undefined) {
  const place = play?.site.place
  return place === undefined ? {} : { place }
}
