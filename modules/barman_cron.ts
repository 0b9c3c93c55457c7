import { posix } from 'node:path'
import { change, choice, defineModule, Type, unchanged, withDefault, type Plan } from '../lib/index.ts'
import { serverParams } from '../lib/kit/barman/params.ts'
import { planCopy } from '../lib/kit/files/copy/copied.ts'

export interface CronResult {
  readonly path: string
  readonly state: 'present' | 'absent'
}

/** The lines of the file: cron wants the user in them, and an empty line is no end. */
export function cronTable(user: string): string {
  return `# Managed by hostwright: what is changed here by hand is overwritten.
# Every minute: receive-wal runs, WAL is archived, retention policies are kept.
MAILTO=root
* * * * * ${user} [ -x /usr/bin/barman ] && /usr/bin/barman -q cron
`
}

/**
 * Runs `barman -q cron` every minute as barman's user: `/etc/cron.d/barman`. Without it, receive-wal is never started again and no WAL is archived. Debian's
 * package brings a file of that name; this takes its place, so that it is there whatever packages do.
 *
 * Follows barman-cron(1), https://docs.pgbarman.org, and cron(8)
 *
 * @example
 * barman_cron({})
 */
export const barman_cron = defineModule({
  name: 'barman_cron',
  summary: 'Runs barman’s maintenance every minute.',
  params: {
    state: withDefault(choice(['present', 'absent']), 'present'),
    barman_user: serverParams.barman_user,
    directory: withDefault(
      Type.String({ pattern: '^/', description: "Where cron looks for packages' tables." }),
      '/etc/cron.d',
    ),
  },
  examples: [{ name: 'Every minute', params: {} }],
  plan: async ({ state, barman_user, directory }, host): Promise<Plan<CronResult>> => {
    const path = posix.join(directory, 'barman')
    const result = { path, state }
    if (state === 'absent') {
      const before = (await host.files.read(path))?.toString()
      if (before === undefined) return unchanged(result)
      return change({ diff: [{ of: path, before, after: '' }], result, apply: ({ files }) => files.remove(path) })
    }
    const plan = await planCopy(
      host,
      {
        dest: path,
        ...{ owner: 'root', group: 'root', mode: '0644' },
        ...{ force: true, follow: true, backup: false, unsafe_writes: false },
      },
      { bytes: Buffer.from(cronTable(barman_user)) },
    )
    if (!plan.changed) return unchanged(result)
    return change({
      diff: plan.diff,
      result,
      apply: async (applied) => {
        await plan.apply(applied)
      },
    })
  },
})
