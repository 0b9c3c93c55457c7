import { defineModule, sh, unchanged, Unreadable } from '../lib/index.ts'
import { askBarman, complaintOf, linesOf } from '../lib/kit/barman/command.ts'
import { serverParams } from '../lib/kit/barman/params.ts'
import { parseStatus } from '../lib/kit/barman/status-lines.ts'

/** The result of `barman_status`. */
export interface BarmanStatusResult {
  /** By barman's own words: `status['PostgreSQL version']`, `status['No. of available backups']`. */
  readonly status: Readonly<Record<string, string>>
  /** The lines as barman prints them. */
  readonly report: readonly string[]
}

/**
 * What barman knows of a server: version, size, current WAL, retention, number of backups.
 *
 * Follows barman-status(1), https://docs.pgbarman.org
 *
 * @throws when barman does not know the server or is not installed.
 * @example
 * barman_status({ name: 'pg1' })
 */
export const barman_status = defineModule({
  name: 'barman_status',
  summary: 'What barman knows of a server.',
  reads: true,
  params: { ...serverParams },
  examples: [{ name: 'How is it?', params: { name: 'pg1' } }],
  plan: async (params, host) => {
    const answer = await askBarman(host, params, sh`barman status ${params.name} </dev/null`)
    if (answer.status !== 0)
      throw new Unreadable(`barman status ${params.name} failed: ${complaintOf(answer)}`, 'command', {
        host: host.name,
        next: `describe the server: barman_server({ name: '${params.name}', … })`,
      })
    return unchanged<BarmanStatusResult>({ status: parseStatus(answer.stdout), report: linesOf(answer) })
  },
})
