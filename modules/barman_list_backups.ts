import { defineModule, sh, unchanged, Unreadable } from '../lib/index.ts'
import { readCatalogue, type Backup } from '../lib/kit/barman/catalogue.ts'
import { askBarman, complaintOf, linesOf } from '../lib/kit/barman/command.ts'
import { placeParams, serverParams } from '../lib/kit/barman/params.ts'

/** The result of `barman_list_backups`. */
export interface BarmanListBackupsResult {
  /** Newest first, with id, status, times, size in bytes and WAL files. */
  readonly backups: readonly Backup[]
  /** The lines as `barman list-backups` prints them. */
  readonly report: readonly string[]
}

/**
 * The backups that barman has of a server.
 *
 * Follows barman-list-backups(1), https://docs.pgbarman.org
 *
 * @throws when barman does not know the server or is not installed.
 * @example
 * barman_list_backups({ name: 'pg1' })
 */
export const barman_list_backups = defineModule({
  name: 'barman_list_backups',
  summary: 'The backups that barman has of a server.',
  reads: true,
  params: { ...serverParams, ...placeParams },
  examples: [{ name: 'Which backups are there?', params: { name: 'pg1' } }],
  plan: async (params, host) => {
    const [{ backups }, answer] = await Promise.all([
      readCatalogue(host, params),
      askBarman(host, params, sh`barman list-backups ${params.name} </dev/null`),
    ])
    if (answer.status !== 0)
      throw new Unreadable(`barman list-backups ${params.name} failed: ${complaintOf(answer)}`, 'command', {
        host: host.name,
        next: `describe the server: barman_server({ name: '${params.name}', … })`,
        data: { lines: linesOf(answer) },
      })
    return unchanged<BarmanListBackupsResult>({ backups: backups.toReversed(), report: linesOf(answer) })
  },
})
