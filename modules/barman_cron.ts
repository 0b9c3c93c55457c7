import { posix } from 'node:path'
import { choice, defineModule, Type, withDefault, type Plan } from '../lib/index.ts'
import { planConfigFile } from '../lib/kit/barman/config-file.ts'
import { serverParams } from '../lib/kit/barman/params.ts'

/** The result of `barman_cron`. */
export interface BarmanCronResult {
  /** The file of cron.d. */
  readonly path: string
  /** Whether it is there. */
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
    state: withDefault(choice(['present', 'absent'], { description: 'Whether the jobs are to be there.' }), 'present'),
    barman_user: serverParams.barman_user,
    directory: withDefault(
      Type.String({ pattern: '^/', description: "Where cron looks for packages' tables." }),
      '/etc/cron.d',
    ),
  },
  examples: [{ name: 'Every minute', params: {} }],
  plan: async ({ state, barman_user, directory }, host): Promise<Plan<BarmanCronResult>> => {
    const path = posix.join(directory, 'barman')
    const content = state === 'absent' ? undefined : cronTable(barman_user)
    return planConfigFile(host, { path, content, result: { path, state } })
  },
})
