import { HostwrightError } from '../error.ts'
import { quote } from '../quote.ts'
import type { Become } from './connection.ts'

/** How to start a program as another user: a command line without newlines, and the prompt that asks for a password. */
export interface BecomeCommand {
  readonly command: string
  readonly prompt: RegExp
  /** doas asks for a password on a terminal only. */
  readonly pty: boolean
  /** Whether it may read a password where the program's input comes from. */
  readonly asks: boolean
}

const anyPrompt = /password[^:\n]*: ?$/i

/** The command line that runs `program` (see `loop.ts`), as somebody else if asked. */
export function startCommand(program: string, nonce: string, become?: Become): BecomeCommand {
  const plain = `sh -c ${quote(program)}`
  if (become === undefined) return { command: plain, prompt: anyPrompt, pty: false, asks: false }
  const { method, password } = become
  const user = quote(become.user)
  const hasPassword = password !== undefined
  const pty = method === 'doas' && hasPassword
  const prompt = `[hostwright ${nonce}] password:`
  const wrapped = {
    sudo: `sudo -H ${hasPassword ? `-S -p "${prompt}"` : '-n'} -u "$2" sh -c "$1"`,
    su: 'su "$2" -s /bin/sh -c "$1"',
    doas: `doas ${hasPassword ? '' : '-n '}-u "$2" sh -c "$1"`,
  }[method]
  // The host knows whether the login user is root already: root does not need sudo to become root.
  const skip = become.user === 'root' ? 'if [ "$(id -u)" = 0 ]; then exec sh -c "$1"; fi; ' : ''
  const terminal = pty ? 'stty raw -echo; ' : ''
  const outer = `LC_ALL=C; export LC_ALL; ${terminal}${skip}exec ${wrapped}`
  return {
    command: `sh -c ${quote(outer)} sh ${quote(program)} ${user}`,
    prompt: method === 'sudo' ? new RegExp(`\\[hostwright ${nonce}\\] password:`) : anyPrompt,
    pty,
    // su has no option against asking.
    asks: hasPassword || method === 'su',
  }
}

type Said = readonly [pattern: RegExp, what: (become: Become) => string, next: string | ((become: Become) => string)]

const giveIt = 'give it with --ask-become-pass (-K), or set ansible_become_password'
const giveTheRight = 'give the right one with --ask-become-pass (-K), or correct ansible_become_password'

const said: readonly Said[] = [
  [
    /sorry, try again|incorrect password|authentication fail|permission denied|incorrect$/im,
    (b) => (b.password === undefined ? `${b.method} wants a password` : `the password for ${b.method} is wrong`),
    (b) => (b.password === undefined ? giveIt : giveTheRight),
  ],
  [
    /password is required|terminal is required|no password was provided|authentication (token|required)|a password/i,
    (b) => `${b.method} wants a password`,
    giveIt,
  ],
  [
    /not in the sudoers|not allowed to|may not run|operation not permitted|not permitted/i,
    (b) => `the login user is not allowed to become ${b.user} with ${b.method}`,
    'allow it in the host’s configuration (visudo, /etc/doas.conf), or log in as another user',
  ],
  [
    /must have a tty|must be run from a terminal|a tty is required|\/dev\/tty/i,
    (b) => `${b.method} on the host wants a terminal`,
    'remove `requiretty` from /etc/sudoers there, or choose another ansible_become_method',
  ],
  [
    /unknown user|does not exist|no passwd entry|unknown id/i,
    (b) => `there is no user ${b.user} on the host`,
    'correct ansible_become_user, or create the user first',
  ],
  [
    /not found|no such file/i,
    (b) => `${b.method} is not installed on the host`,
    'install it, or choose another ansible_become_method (sudo, su, doas)',
  ],
]

/** What went wrong when a program could not be started as somebody else, as far as its words tell. */
export function becomeError(
  become: Become,
  words: string,
  reason: 'ended' | 'asked' | 'asked again' | 'late',
): HostwrightError {
  const text = words.replace(/\[hostwright [0-9a-f]+\] password:/g, '').trim()
  const data = { method: become.method, user: become.user, said: text }
  const fail = (what: string, next: string) => new HostwrightError(what, { kind: 'failed', next, data })
  if (reason === 'asked') return fail(`${become.method} wants a password`, giveIt)
  if (reason === 'asked again') return fail(`the password for ${become.method} is wrong`, giveTheRight)
  const known = said.find(([pattern]) => pattern.test(text))
  if (known !== undefined) {
    const [, what, next] = known
    return fail(what(become), typeof next === 'string' ? next : next(become))
  }
  return fail(
    reason === 'late'
      ? `${become.method} to ${become.user} gave no answer in time`
      : `${become.method} to ${become.user} did not give a shell`,
    `try \`${become.method}\` to ${become.user} on the host by hand`,
  )
}
