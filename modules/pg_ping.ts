import { defineModule, unchanged, Unreadable } from '../lib/index.ts'
import { versionParts, type VersionParts } from '../lib/kit/postgres/cluster/version.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'

/** The result of `pg_ping`. */
export interface PgPingResult {
  /** Whether the server answers. */
  readonly is_available: boolean
  /** Empty when no server answers. */
  readonly server_version: Partial<VersionParts>
  /** Why no server answers; empty when one does. */
  readonly conn_err_msg: string
}

/**
 * Asks whether a server answers, and which version it is. No server is an answer, not an error.
 *
 * @see community.postgresql.postgresql_ping
 */
export const pg_ping = defineModule({
  name: 'pg_ping',
  summary: 'Asks whether a PostgreSQL server answers.',
  params: { ...loginParams },
  examples: [{ name: 'Is the server up?', params: {} }],
  reads: true,
  plan: async (params, host) => {
    const server = host.postgres(addressOf(params))
    try {
      const [row] = await server.query<{ full: string; raw: string; number: number }>(
        `SELECT current_setting('server_version') AS full, version() AS raw, current_setting('server_version_num')::int AS number`,
      )
      return unchanged<PgPingResult>({
        is_available: true,
        server_version: versionParts(row?.number ?? 0, row?.full ?? '', row?.raw ?? ''),
        conn_err_msg: '',
      })
    } catch (error) {
      if (!(error instanceof Unreadable)) throw error
      return unchanged<PgPingResult>({ is_available: false, server_version: {}, conn_err_msg: error.message })
    }
  },
})
