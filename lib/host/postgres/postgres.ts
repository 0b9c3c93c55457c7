import type { Secret } from '../../secret.ts'
import type { Effect } from '../pending-effects.ts'

/** Where a server listens and who asks. */
export interface ServerAddress {
  /** 5432 by default. */
  readonly port?: number | undefined
  /** The folder of the unix socket, `/var/run/postgresql` by default; not used when `host` is given. */
  readonly socket?: string | undefined
  /** A name or address to reach over TCP from the host itself, instead of the socket. */
  readonly host?: string | undefined
  /** The role to log in as, and over the socket also the system user to connect as (peer authentication); `postgres` by default. */
  readonly user?: string | undefined
  /** The role's password, where the server asks for one. */
  readonly password?: Secret | undefined
  /** `postgres` by default. */
  readonly database?: string | undefined
}

/** A row by the names of its columns, each value as pg parses its type. */
export type Row = Readonly<Record<string, unknown>>

/** The answer to one statement. */
export interface StatementResult {
  /** The rows that the statement returned. */
  readonly rows: readonly Row[]
  /** Rows returned or affected. */
  readonly rowCount: number
  /** The server's own words: `INSERT 0 1`, `CREATE TABLE`. */
  readonly status: string
}

/** A PostgreSQL server, to ask. */
export interface PostgresReader {
  /** Where it is, as people write it: the socket's path or `host:port`. */
  readonly server: string
  /**
   * Asks, in a read-only transaction. Values are bound as parameters, never pasted.
   * @throws Unreadable when no server answers, with `kind: 'database'`.
   */
  query<R extends Row = Row>(sql: string, values?: readonly unknown[]): Promise<readonly R[]>
  /** As {@link query}, with the count and the status too. */
  outcome(sql: string, values?: readonly unknown[]): Promise<StatementResult>
  /** When the server last read its configuration, in seconds since the epoch; `Infinity` once a simulated run would have had it read. */
  loadTime(): Promise<number>
  /** Would an earlier task of this simulated run have run this very statement? Never on a real server. */
  promised(sql: string): boolean
  /** The server's version as a number, 170005 for 17.5. */
  version(): Promise<number>
}

/** A PostgreSQL server, to ask and to change. */
export interface PostgresWriter extends PostgresReader {
  /**
   * A statement that changes something; noted with its effect in a simulated run, which answers no rows. Its commit waits for this server, not for
   * synchronous standbys; {@link statement} waits as the server is set to.
   */
  execute<R extends Row = Row>(sql: string, values?: readonly unknown[], effect?: Effect): Promise<readonly R[]>
  /** As {@link execute}, with the count and the status too. Without values the text may hold several statements. */
  statement(sql: string, values?: readonly unknown[], effect?: Effect): Promise<StatementResult>
  /** Several statements in one transaction: all or none. */
  transaction(
    statements: readonly { readonly sql: string; readonly values?: readonly unknown[] }[],
    effect?: Effect,
  ): Promise<void>
  /** Has the server read its configuration again, and waits until it has; false from a simulated one. */
  reload(): Promise<boolean>
}
