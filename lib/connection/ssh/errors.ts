import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'
import type { Credentials } from './auth.ts'
import type { SshTarget } from '../settings/ssh-target.ts'

interface Ssh2Error {
  readonly message: string
  readonly code?: unknown
  readonly level?: unknown
}

/** The code that node-ssh gives to a connection that was closed before the login was over. */
const noResponse = 'ETIMEDOUT'

const socketTroubles: Readonly<Record<string, readonly [what: string, next: string]>> = {
  ECONNREFUSED: ['nothing listens there', 'see whether sshd runs on the host, and on which port (ansible_port)'],
  ENOTFOUND: ['the name is not known', 'correct ansible_host, or add the name to DNS or /etc/hosts'],
  EAI_AGAIN: ['the name cannot be looked up now', 'see whether DNS answers, or set ansible_host to the address'],
  EHOSTUNREACH: ['there is no way to it', 'see whether the host is up and the network is right'],
  ENETUNREACH: ['there is no way to its network', 'see whether the network is up here'],
  ETIMEDOUT: ['it does not answer', 'see whether the host is up, and whether a firewall is in between'],
  ECONNRESET: ['it closed the connection', 'see sshd’s log on the host (MaxStartups, hosts.deny)'],
}

/** What there was of a login before it failed. */
export interface Attempt {
  readonly given: Credentials
  /** The only signature there is has left, and more behind it: some servers then close the connection instead of refusing. */
  readonly signed: boolean
  readonly proxySaid: string
}

/** Why nobody could log in, as far as ssh2, the agent and the proxy tell. */
export function loginError(target: SshTarget, thrown: unknown, { given, signed, proxySaid }: Attempt): HostwrightError {
  const error = thrown as Ssh2Error
  const at = `${target.user}@${target.address}:${target.port}`
  const make = (what: string, next: string) =>
    new HostwrightError(proxySaid === '' ? what : `${what}; the ProxyCommand said: ${proxySaid}`, {
      kind: 'unreachable',
      host: target.name,
      next,
      cause: thrown,
    })
  const closed = error.code === 'ECONNRESET' || (error.code === noResponse && error.level === undefined)
  if (error.level === 'client-authentication' || (signed && closed)) return make(refused(at, given), howToLogIn(given))
  if (!closed && (error.level === 'client-timeout' || error.code === 'ETIMEDOUT'))
    return make(
      `cannot connect to ${at}: no answer within ${target.connectTimeout} seconds`,
      'see whether the host is up and a firewall is in between, or raise ConnectTimeout (--timeout)',
    )
  const known = socketTroubles[closed ? 'ECONNRESET' : String(error.code)]
  if (known !== undefined) return make(`cannot connect to ${at}: ${known[0]}`, known[1])
  if (/no matching /.test(error.message))
    return make(
      `cannot connect to ${at}: ${error.message}`,
      'let the system’s own ssh connect (ansible_connection=openssh, or smart), which knows more algorithms',
    )
  return make(
    `cannot connect to ${at}: ${error.message}`,
    `try \`ssh -p ${target.port} ${target.user}@${target.address}\` by hand`,
  )
}

/** Why a connection that worked is gone. */
export function lostError(target: SshTarget, error: Ssh2Error | undefined, proxySaid: string): HostwrightError {
  const silent = error?.level === 'client-timeout'
  const what = silent
    ? `the host has been silent for ${target.keepaliveInterval * target.keepaliveCount} seconds`
    : (error?.message ?? 'the host closed it')
  return new HostwrightError(`the connection was lost: ${what}${proxySaid === '' ? '' : ` (${proxySaid})`}`, {
    kind: 'unreachable',
    host: target.name,
    next: 'see whether the host is up; run again when it is',
    ...defined({ cause: error }),
  })
}

function refused(at: string, { methods, notes }: Credentials): string {
  const tried = [...new Set(methods.map(({ label }) => label))]
  const what = tried.length === 0 ? 'there is nothing to log in with' : `refused: ${tried.join(', ')}`
  return `cannot log in as ${at}: ${what}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`
}

function howToLogIn({ methods }: Credentials): string {
  return methods.some(({ type }) => type === 'password')
    ? 'correct ansible_user or ansible_password (--ask-pass asks for it), or see whether sshd on the host takes passwords'
    : 'name a key that the host knows (ansible_ssh_private_key_file, ssh-add), or give a password (--ask-pass, ansible_password)'
}
