import { complaint } from '../measure/recap.ts'
import type { Case, Stage } from './case.ts'
import { siteRacers } from './site.ts'

const runs = {
  short: { hostwright: 1, script: 1, mitogen: 1 },
  full: { hostwright: 5, script: 5, mitogen: 3, pipelining: 3, ansible: 3 },
} as const

export const firstCase: Case = {
  name: 'first',
  title: 'site.ts over three hosts as after their first boot',
  minutes: { short: 3, full: 20 },
  run: async (stage) => {
    await stage.hosts.freshSite()
    return stage.race({
      at: { what: 'site.ts, first bring-up', hosts: 3, tasks: 40 },
      racers: siteRacers(stage, runs[stage.form]),
      before: () => stage.hosts.freshSite(),
      judge: async (cost, recap) => complaint(recap, cost, { hosts: 3, converged: false }) ?? (await broken(stage)),
    })
  },
}

/** Whether the replica streams and barman has a backup, whatever the run says of itself. */
async function broken({ hosts }: Stage): Promise<string | undefined> {
  const asked = await Promise.all([
    hosts.lab.ssh(
      'pg1',
      `sudo -u postgres psql -XAtc "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'"`,
    ),
    hosts.lab.ssh('backup1', 'sudo grep -l status=DONE -r /var/lib/barman/pg1/base --include=backup.info | wc -l'),
  ])
  const [streaming, backups] = asked.map(({ stdout }) => Number(stdout))
  if (streaming !== 2) return `${streaming} standbys stream from the primary, not 2`
  return backups === 1 ? undefined : `barman has ${backups} backups, not 1`
}
