import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'
import { limitHosts } from '../../inventory/index.ts'
import type { Entry, PlayData } from '../../play/data.ts'
import { didYouMean } from '../../schema/index.ts'
import { controllerAt } from './controller.ts'
import type { ScopeSource } from './scope.ts'
import { selectEntries, startsAt, tasksIn } from './select.ts'
import type { RunSettings } from './settings.ts'
import { playVariables } from './variables.ts'
import { noFiles, type PlayFiles } from './vars-files.ts'

/** One play made ready to run: its hosts after `--limit`, its entries after `--tags`. */
export interface PlayPlan {
  readonly play: PlayData
  readonly hosts: readonly string[]
  readonly entries: readonly Entry[]
  readonly source: ScopeSource
}

/**
 * The plays of a run. `warn` is called for a pattern that matches no host. It is an error when no play has any host. To list plays, `files` is not needed.
 */
export function planPlays(
  settings: RunSettings,
  warn: (message: string, play: PlayData) => void,
  files: ReadonlyMap<PlayData, PlayFiles> = new Map(),
): readonly PlayPlan[] {
  const { inventory, playbook, selection } = settings
  const { limit } = selection
  const left = (hosts: readonly string[]) => (limit === undefined ? hosts : limitHosts(inventory, hosts, limit).hosts)
  const controller = controllerAt(settings.playbookDir)
  const unmatched: { readonly play: PlayData; readonly message: string }[] = []
  let limitedAway = false
  const plans = playbook.plays.map((play): PlayPlan => {
    const match = inventory.match(play.options.hosts)
    for (const name of match.unmatched)
      unmatched.push({
        play,
        message: `pattern "${name}" of play "${play.name}" matches no host or group${didYouMean(name, [...inventory.groups.keys(), ...inventory.hosts])}`,
      })
    const hosts = left(match.hosts)
    limitedAway ||= hosts.length < match.hosts.length
    return {
      play,
      hosts,
      entries: selectEntries(play, selection),
      source: {
        inventory,
        controller,
        variables: playVariables(play, inventory, files.get(play) ?? noFiles, settings.extraVars),
      },
    }
  })
  if (plans.length > 0 && plans.every((plan) => plan.hosts.length === 0))
    throw noHosts(settings, plans, limitedAway, unmatched[0]?.message)
  for (const { play, message } of unmatched) warn(message, play)
  requireStart(settings, plans)
  return plans
}

function noHosts(
  { inventory, playbook, selection }: RunSettings,
  plans: readonly PlayPlan[],
  limitedAway: boolean,
  unmatched: string | undefined,
): HostwrightError {
  const patterns = [...new Set(plans.map((plan) => `"${plan.play.options.hosts}"`))].join(', ')
  const place = placeOf(plans[0]?.play)
  if (limitedAway)
    return new HostwrightError(`--limit ${selection.limit ?? ''} leaves no host of ${patterns}`, {
      kind: 'input',
      ...place,
      next: 'correct --limit; --list-hosts without it shows the hosts of each play',
    })
  const groups = [...inventory.groups.keys()].filter((name) => name !== 'ungrouped').join(', ')
  const correct = 'correct the pattern, or name another inventory (-i)'
  return new HostwrightError(unmatched ?? `no play of "${playbook.name}" has a host: ${patterns}`, {
    kind: 'input',
    ...place,
    next:
      inventory.hosts.length === 0
        ? 'the inventory has no hosts: add some, or name another (-i)'
        : `the inventory has the groups ${groups}; ${correct}`,
  })
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
  return defined({ place })
}
