import { defined } from '../defined.ts'
import type { Place } from '../error.ts'
import { planPlays, type PlayPlan } from './prepare/plays.ts'
import { listed, tasksIn } from './prepare/select.ts'
import type { RunSettings } from './prepare/settings.ts'

export interface ListedHosts {
  readonly play: string
  readonly pattern: string
  readonly hosts: readonly string[]
}

export interface ListedTasks {
  readonly play: string
  readonly hosts: string
  readonly tags: readonly string[]
  readonly tasks: readonly { readonly name: string; readonly tags: readonly string[]; readonly place?: Place }[]
}

/** What `--list-hosts` shows. */
export function listHosts(settings: RunSettings): readonly ListedHosts[] {
  return plans(settings).map(({ play, hosts }) => ({ play: play.name, pattern: play.options.hosts, hosts }))
}

/** What `--list-tasks` and `--list-tags` show: the tasks that tags select. */
export function listTasks(settings: RunSettings): readonly ListedTasks[] {
  return plans(settings).map(({ play, entries }) => {
    const tags = listed(play.options.tags)
    const tasks = tasksIn(entries, tags).map(({ task, tags: all }) => ({
      name: task.name,
      tags: [...new Set(all)],
      ...defined({ place: task.site.place }),
    }))
    return { play: play.name, hosts: play.options.hosts, tags, tasks }
  })
}

function plans(settings: RunSettings): readonly PlayPlan[] {
  return planPlays(settings, () => undefined)
}
