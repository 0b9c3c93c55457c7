import { encode } from '../../lib/index.ts'
import { serversOf } from '../variables/members.ts'
import type { Here } from '../variables/variables.ts'

/** Everybody who may connect, and how: the whole of pg_hba.conf, the same on primary and standbys. */
export function accessRules({ vars, optionalGroup }: Here) {
  const servers = serversOf({ optionalGroup })
  return [
    { type: 'local', database: 'all', user: 'postgres', method: 'peer' },
    { type: 'local', database: 'all', user: 'all', method: 'peer' },
    { type: 'host', database: 'all', user: 'all', address: '127.0.0.1/32', method: 'scram-sha-256' },
    { type: 'host', database: 'all', user: 'all', address: '::1/128', method: 'scram-sha-256' },
    // pg_rewind reads a new primary over an ordinary connection.
    ...servers.flatMap((server) =>
      ['replication', 'postgres'].map((database) => ({
        type: 'host' as const,
        database,
        user: [encode.pgHba(vars.replication_user)],
        address: `${server.vars.private_ip}/32`,
        method: 'scram-sha-256' as const,
      })),
    ),
    ...optionalGroup('backup').flatMap((backup) => [
      {
        type: 'host' as const,
        database: 'all',
        user: [encode.pgHba(vars.barman_user)],
        address: `${backup.vars.private_ip}/32`,
        method: 'scram-sha-256' as const,
      },
      {
        type: 'host' as const,
        database: 'replication',
        user: [encode.pgHba(vars.barman_streaming_user)],
        address: `${backup.vars.private_ip}/32`,
        method: 'scram-sha-256' as const,
      },
    ]),
  ] as const
}
