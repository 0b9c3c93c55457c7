import type { ServerAddress } from '../../../host/postgres/postgres.ts'
import { optional, secret, Type } from '../../../schema/index.ts'
import type { Secret } from '../../../secret.ts'

/**
 * How to reach the server: the parameters that every module of PostgreSQL takes, under community.postgresql's names.
 *
 * @example
 * export const pg_analyze = defineModule({
 *   name: 'pg_analyze', summary: 'Analyzes a table.', examples: [],
 *   params: { table: Type.String(), ...postgres.loginParams },
 *   plan: async ({ table, ...login }, host) => {
 *     const address = postgres.addressOf(login)
 *     const statements = [postgres.sql`ANALYZE ${postgres.ident(table)}`]
 *     return postgres.statementPlan(host.postgres(address), { address, of: table, statements, before: {}, after: {}, result: {} })
 *   },
 * })
 */
export const loginParams = {
  login_user: optional(
    Type.String({
      description:
        'The role to log in as; over the socket also the system user to connect as (root may be anybody). Default: postgres.',
    }),
  ),
  login_password: optional(secret({ description: 'Its password, where the server asks for one.' })),
  login_host: optional(
    Type.String({
      pattern: '^(/.*|(?!-)[A-Za-z0-9_.:%-]*)$',
      description: 'Reach the server over TCP, from the host itself. Default: the socket on the host.',
    }),
  ),
  login_unix_socket: optional(
    Type.String({
      pattern: '^/[^,:!"\'\\\\(){}\\[\\]]*$',
      description: 'The folder of the socket. Default: /var/run/postgresql.',
    }),
  ),
  login_port: optional(Type.Integer({ description: 'Its port. Default: 5432.' })),
  port: optional(Type.Integer({ description: 'The same as login_port.' })),
  login_db: optional(Type.String({ description: 'The database to connect to. Default: postgres.' })),
  db: optional(Type.String({ description: 'The same as login_db.' })),
} as const

/** The values of {@link loginParams}. */
export interface Login {
  /** The role; over the socket also the system user. `postgres` by default. */
  readonly login_user?: string | undefined
  /** The password of the role. */
  readonly login_password?: Secret | undefined
  /** The server over TCP; the socket by default. */
  readonly login_host?: string | undefined
  /** The folder of the socket. /var/run/postgresql by default. */
  readonly login_unix_socket?: string | undefined
  /** The port. 5432 by default. */
  readonly login_port?: number | undefined
  /** The same as login_port. */
  readonly port?: number | undefined
  /** The database. `postgres` by default. */
  readonly login_db?: string | undefined
  /** The same as login_db. */
  readonly db?: string | undefined
}

/** The address these parameters mean; a database named here goes before theirs. */
export function addressOf(login: Login, database?: string): ServerAddress {
  return {
    port: login.login_port ?? login.port,
    socket: login.login_unix_socket,
    host: login.login_host,
    user: login.login_user,
    password: login.login_password,
    database: database ?? login.login_db ?? login.db,
  }
}
