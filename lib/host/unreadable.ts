import { HostwrightError, type ErrorDetails } from '../error.ts'
import type { EffectKind } from './pending-effects.ts'

/**
 * Something could not be read because what it takes is not there (yet): no such command, no server behind the socket, no such user. In a real run it is a
 * failure like any other. In check mode, when an earlier task would have brought it, the engine predicts instead of failing.
 *
 * @example
 * throw new Unreadable('cannot connect to PostgreSQL at /var/run/postgresql/.s.PGSQL.5432', 'database', { next: 'start the server' })
 */
export class Unreadable extends HostwrightError {
  /** What kind of thing was to be read. */
  readonly what: EffectKind

  constructor(message: string, what: EffectKind, details: ErrorDetails = {}) {
    super(message, { ...details, kind: 'failed' })
    this.what = what
  }
}
