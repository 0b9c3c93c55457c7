import { complaint } from '../measure/recap.ts'
import type { Case, Stage } from './case.ts'
import { racersFor } from './racers.ts'
import { siteCourse, siteTasks } from './site.ts'

const runs = {
  short: { hostwright: 1, script: 1, mitogen: 1 },
  full: { hostwright: 5, script: 5, mitogen: 3, pipelining: 1, ansible: 1 },
} as const

export const firstCase: Case = {
  name: 'first',
  title: 'site.ts over three hosts as after their first boot',
  minutes: { short: 2, full: 11 },
  run: async (stage) => {
    await stage.hosts.freshSite()
    return stage.race({
      at: { what: 'site.ts, first bring-up', hosts: 3, tasks: siteTasks },
      racers: racersFor(stage, siteCourse(stage), runs[stage.form]),
      cold: true,
      before: () => stage.hosts.freshSite(),
      judge: async (cost, recap) => complaint(recap, cost, { hosts: 3, converged: false }) ?? (await broken(stage)),
    })
  },
}

const standbys = `sudo -u postgres psql -XAtc "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"`
const backups = 'sudo grep -r -l status=DONE --include=backup.info /var/lib/barman/pg1/base | wc -l'

/** Whether the replica and barman stream and there is a backup, whatever the run says of itself. */
async function broken({ hosts: { lab } }: Stage): Promise<string | undefined> {
  const [streaming, kept] = await Promise.all([lab.ssh('pg1', standbys), lab.ssh('backup1', backups)])
  if (Number(streaming.stdout) !== 2) return `${streaming.stdout.trim()} stream from the primary, not 2`
  return Number(kept.stdout) === 1 ? undefined : `barman has ${kept.stdout.trim()} backups, not 1`
}
