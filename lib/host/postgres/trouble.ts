import { HostwrightError, type ErrorDetails } from '../../error.ts'
import { mask } from '../../secret.ts'
import { Unreadable } from '../unreadable.ts'
import { showServer } from './pipe.ts'
import type { ServerAddress } from './postgres.ts'

/** What the server says of an error, as pg passes it on. */
interface ServerWords {
  readonly message: string
  readonly severity?: string
  readonly code?: string
  readonly detail?: string
  readonly hint?: string
  readonly position?: string
}

/** An SQLSTATE: five letters and digits. Errors of pg itself carry none, those of the system `EPIPE` and the like. */
export function sqlState(thrown: unknown): string | undefined {
  const code =
    thrown instanceof HostwrightError ? thrown.data['code'] : (thrown as Partial<ServerWords> | undefined)?.code
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : undefined
}

/** The session is over: the server was stopped, or ended it. */
export function isEndOfSession(thrown: unknown): boolean {
  const code = sqlState(thrown)
  if (code !== undefined) return code === '57P01' || code === '57P02' || code === '57P05' || code.startsWith('08')
  return !(thrown instanceof HostwrightError) && !(thrown instanceof Error && /timeout/.test(thrown.message))
}

/** No way to a server: the reason as the pipe or the server gave it. */
export function noServer(host: string, address: ServerAddress, reason: string, details: ErrorDetails = {}): Unreadable {
  return new Unreadable(`cannot connect to PostgreSQL at ${showServer(address)}: ${reason}`, 'database', {
    next: 'see that the server is installed, runs and listens there (pg_lsclusters, systemctl status postgresql)',
    ...details,
    host,
  })
}

const nextSteps: Readonly<Record<string, string>> = {
  '28000':
    'log in as a role that exists and that pg_hba.conf lets in (login_user; over the socket the system user counts)',
  '28P01': 'check login_password and the role’s password',
  '3D000': 'create the database first (pg_db), or correct login_db',
  '42501': 'log in as a superuser or as a role with that privilege (login_user)',
  '42704': 'create it first, or correct the name',
  '25006': 'the server is a standby or the session only reads: change things on the primary',
  '53300': 'raise max_connections, or end some sessions',
}

/** The server's error with all it said. The statement carries no values, and known secrets in it are masked. */
export function serverTrouble(host: string, thrown: unknown, statement?: string): HostwrightError {
  if (thrown instanceof HostwrightError) return thrown
  const words = thrown as ServerWords
  const code = sqlState(thrown)
  const next = words.hint ?? (code === undefined ? undefined : nextSteps[code])
  const data = {
    ...present('severity', words.severity),
    ...present('code', code),
    ...present('detail', words.detail),
    ...present('hint', words.hint),
    ...present('position', words.position),
    ...present('statement', statement),
  }
  return new HostwrightError(mask(`PostgreSQL: ${words.message}`), {
    kind: 'failed',
    host,
    data,
    ...(next === undefined ? {} : { next: mask(next) }),
  })
}

function present(key: string, value: string | undefined): Record<string, string> {
  return value === undefined ? {} : { [key]: mask(value) }
}
