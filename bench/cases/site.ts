import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { siteScripts } from '../site/scripts.ts'
import type { Stage } from './case.ts'
import type { Course } from './racers.ts'

/** site.ts in every language; its hosts are up. */
export function siteCourse({ hosts, folder, library }: Stage): Course {
  const inventory = hosts.siteInventory()
  const scripts = siteScripts(folder, readFileSync(inventory, 'utf8'))
  return {
    library,
    typescript: join(library, 'playbooks', 'site.ts'),
    yaml: fileURLToPath(new URL('../site/ansible/site.yml', import.meta.url)),
    script: (host) => scripts[host] ?? '',
    way: { inventory, login: hosts.login },
  }
}

/** As many as a run of it tells, give or take those of a loop. */
export const siteTasks = 40
