import { HostwrightError } from '../../../error.ts'
import { quote } from '../../../quote.ts'
import type { OpenSshOptions } from '../../settings/openssh-options.ts'

/** A login that was tried. */
export interface LoginAttempt {
  readonly host: string
  readonly options: OpenSshOptions
  readonly command: readonly string[]
  readonly connectTimeout: number
}

type Trouble = readonly [
  words: RegExp,
  what: (found: RegExpExecArray, words: string) => string,
  next: string | ((attempt: LoginAttempt, words: string) => string),
]

const look = 'see whether the host is up, and whether a firewall is in between'
const fingerprint = (words: string) => /SHA256:\S+/.exec(words)?.[0]?.replace(/\.$/, '')
const offending = (words: string) => /Offending .*key in (\S+):(\d+)/.exec(words)

/** Messages of ssh about a failed login, the most specific first. */
const troubles: readonly Trouble[] = [
  [
    /REVOKED HOST KEY|Host key \S+ \S+ revoked|revoked by file/,
    (_found, words) => `the host key ${fingerprint(words) ?? ''} is revoked`.replace('  ', ' '),
    'do not use this host until you know why; its key must be replaced',
  ],
  [
    /IDENTIFICATION HAS CHANGED/,
    (_found, words) => {
      const [, file, line] = offending(words) ?? []
      const expected = file === undefined ? '' : `, and ${file}:${line} expects another`
      return `the host key has changed: it is ${fingerprint(words) ?? 'another'}${expected}`
    },
    (_attempt, words) => {
      const [, file = '~/.ssh/known_hosts', line = 'N'] = offending(words) ?? []
      return `if the host was installed anew, remove the old key: sed -i ${line}d ${quote(file)}; if not, somebody may be in between`
    },
  ],
  [
    /Host key verification failed|No \S+ host key is known/,
    (_found, words) => `the host key is not known${fingerprint(words) === undefined ? '' : `: ${fingerprint(words)}`}`,
    (attempt) =>
      `log in by hand once and check the fingerprint: ${byHand(attempt)}; or set ansible_ssh_common_args='-o StrictHostKeyChecking=accept-new'`,
  ],
  [
    /UNPROTECTED PRIVATE KEY FILE/,
    (_found, words) =>
      `the private key ${/for '([^']+)'/.exec(words)?.[1] ?? ''} may be read by others, and ssh ignores it`,
    'make it yours alone: chmod 600',
  ],
  [
    /no such identity: (.*): No such file/,
    ([, file = '']) => `cannot log in: the private key ${file} is not there`,
    'correct ansible_ssh_private_key_file',
  ],
  [
    /(?:^|: )Permission denied \(([^)]*)\)/m,
    ([, methods = ''], words) => {
      const notes = words
        .split('\n')
        .filter((line) => /^(Load key|Certificate|sign_and_send|Warning: Identity)/.test(line))
      return `cannot log in: permission denied, and the host takes ${methods.replaceAll(',', ', ')}${notes.length === 0 ? '' : ` (${notes.join('; ')})`}`
    },
    ({ options }) =>
      options.password === undefined
        ? 'name a key that the host knows (ansible_ssh_private_key_file, ssh-add), or give a password (--ask-pass, ansible_password)'
        : 'correct ansible_user or ansible_password (--ask-pass asks for it), or see whether sshd on the host takes passwords',
  ],
  [
    /Too many authentication failures/,
    () => 'cannot log in: too many keys were tried',
    'name the right key (ansible_ssh_private_key_file) and add -o IdentitiesOnly=yes to ansible_ssh_common_args',
  ],
  [
    /Unable to negotiate with .*?: (no matching .*)/,
    ([, what = '']) => `cannot agree with the host: ${what.trim()}`,
    'see `man ssh_config` for Ciphers, MACs, KexAlgorithms and HostKeyAlgorithms, or bring sshd on the host up to date',
  ],
  [
    /Bad owner or permissions on (.*)/,
    ([, file = '']) => `the ssh configuration ${file.trim()} may be written by others`,
    'make it yours alone: chmod go-w',
  ],
  [
    /(?:Bad configuration option|Unsupported option|keyword .* extra arguments|bad |unknown option).*/i,
    ([line]) => `ssh does not take its options: ${line.trim()}`,
    'correct ~/.ssh/config, ansible_ssh_common_args, ansible_ssh_extra_args or ANSIBLE_SSH_ARGS',
  ],
  [
    /Could not resolve hostname ([^:]+): (.*)/,
    ([, name = '']) => `cannot connect: the name ${name} is not known`,
    'correct ansible_host, or add the name to DNS or /etc/hosts',
  ],
  [
    /Connection refused/,
    () => 'cannot connect: nothing listens there',
    'see whether sshd runs on the host, and on which port (ansible_port)',
  ],
  [/(?:No route to host|Network is unreachable)/, () => 'cannot connect: there is no way to it', look],
  [/Connection timed out|Operation timed out/, () => 'cannot connect: it does not answer', look],
  [
    /Connection (?:closed|reset) by|kex_exchange_identification/,
    () => 'cannot connect: it closed the connection',
    'see sshd’s log on the host (MaxStartups, hosts.deny), and what a ProxyCommand or jump host says',
  ],
]

/** The error for a failed login, from what ssh printed. */
export function loginError(attempt: LoginAttempt, words: string, reason: 'late' | number | undefined): HostwrightError {
  const { host, options, command, connectTimeout } = attempt
  const make = (message: string, next: string) =>
    new HostwrightError(message, {
      kind: 'unreachable',
      host,
      next,
      data: { said: words, command: command.map(quote).join(' ') },
    })
  if (reason === 127)
    return make(
      `${quote(options.executable)} cannot be started here: it is not found`,
      'install openssh-client, or correct the PATH',
    )
  if (reason === 'late')
    return make(
      `${options.alias} did not let ssh in within ${connectTimeout} seconds and more`,
      `try by hand: ${byHand(attempt)}`,
    )
  const silent = /Connection timed out|Operation timed out|Timeout/.test(words)
  for (const [pattern, what, next] of troubles) {
    const found = pattern.exec(words)
    if (found === null) continue
    const said = silent ? 'no answer' : what(found, words)
    return make(`${options.alias}: ${said}`, typeof next === 'string' ? next : next(attempt, words))
  }
  const last = words.split('\n').at(-1) ?? ''
  return make(`${options.alias}: ssh cannot log in${last === '' ? '' : `: ${last}`}`, `try by hand: ${byHand(attempt)}`)
}

/** The error for a connection that was lost. */
export function lostError(host: string, words: string): HostwrightError {
  const last = words.split('\n').at(-1) ?? ''
  return new HostwrightError(`the connection was lost: ${last === '' ? 'ssh has ended' : last}`, {
    kind: 'unreachable',
    host,
    next: 'see whether the host is up; run again when it is',
    data: { said: words },
  })
}

/** The ssh command that a user would type to try it. */
function byHand({ options: { executable, args, alias } }: LoginAttempt): string {
  return [executable, ...args, alias].map(quote).join(' ')
}
