import { posix } from 'node:path'
import { optional, Type, withDefault } from '../../schema/index.ts'

/** Which server, and as whom barman runs: what every barman module takes. */
export const serverParams = {
  name: Type.String({
    pattern: '^[A-Za-z0-9_][A-Za-z0-9_.-]*$',
    description: 'The server, by the name barman knows it under.',
  }),
  barman_user: withDefault(
    Type.String({ pattern: '^[A-Za-z_][A-Za-z0-9_-]*$', description: 'The user of the host that barman runs as.' }),
    'barman',
  ),
}

/** Where barman keeps what it has of the server: for modules that look there instead of starting barman. */
export const placeParams = {
  barman_home: withDefault(
    Type.String({ pattern: '^/', description: "`barman_home` of the host's /etc/barman.conf." }),
    '/var/lib/barman',
  ),
  backup_directory: optional(
    Type.String({ pattern: '^/', description: "The server's own directory, where it is not `barman_home`/`name`." }),
  ),
}

/** How long barman may take. */
export function timeoutParam(seconds: number, description: string) {
  return { timeout: withDefault(Type.Integer({ minimum: 1, description: `${description} In seconds.` }), seconds) }
}

/** A server that barman backs up, and the user that barman runs as. */
export interface Server {
  /** The server, by barman's name for it. */
  readonly name: string
  /** The user of the host that barman runs as. */
  readonly barman_user: string
}

/** Where barman keeps the backups of a server, as `placeParams` give it. */
export interface Place extends Server {
  /** barman's folder. */
  readonly barman_home: string
  /** The server's own folder, if it is not `barman_home` and the server's name. */
  readonly backup_directory?: string
}

/** The directory with everything barman has of a server. */
export function directoryOf({ name, barman_home, backup_directory }: Place): string {
  return backup_directory ?? posix.join(barman_home, name)
}
