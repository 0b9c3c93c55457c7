import { HostwrightError } from '../../error.ts'
import type { Secret } from '../../secret.ts'
import { sshLetters } from './ssh-letters.ts'

/** How the system's own ssh is to reach a host. What is absent is left to its configuration. */
export interface OpenSshOptions {
  /** `ssh`, or another with the same arguments. */
  readonly executable: string
  /** The host as ssh is asked for it. */
  readonly alias: string
  /** The login user, where no argument can name another. */
  readonly user?: string
  readonly password?: Secret
  readonly passphrase?: Secret
  /** Options and their values in the order in which ssh gets them. */
  readonly args: readonly string[]
}

/** ssh's letters that take a value. */
const withValue = new Set('BbcDEeFIiJLlmOoPpQRSWw')

/** Letters that take none. */
const alone = new Set('46AaCfGgKkMNnqsTtVvXxYy')

/** Options about terminals, messages and shared connections. They are ignored: this transport sets these itself. */
const dropped = new Set('EeMnqSTtv')

/** Options that make ssh do something else than run commands. */
const refusedLetters = new Set('fGNOQsVW')

const refusedOption = /^\s*(ForkAfterAuthentication|SessionType|StdinNull)\b/i

/** The options that a line of arguments holds, as separate words: `-o`, `Port=1`. An option with which ssh does not run commands is refused. */
export function readArguments(line: string): readonly string[] {
  return sshLetters(line, takesValue, refuse).flatMap(({ letter, value }) => {
    if (letter === 'o' && value !== undefined && refusedOption.test(value)) refuse(value)
    if (dropped.has(letter)) return []
    return value === undefined ? [`-${letter}`] : [`-${letter}`, value]
  })
}

function takesValue(letter: string): boolean {
  if (refusedLetters.has(letter)) refuse(`-${letter}`)
  return withValue.has(letter) || (alone.has(letter) ? false : refuse(`-${letter}`))
}

/** `-o Name=value`, with the value as one word of ssh's own configuration. */
export function optionWords(name: string, value: string | number): readonly string[] {
  const text = String(value)
  return ['-o', `${name}=${/[\s"'\\#]/.test(text) ? `"${text.replace(/["\\]/g, '\\$&')}"` : text}`]
}

function refuse(what: string): never {
  throw new HostwrightError(`the ssh option ${what} cannot be passed on to ssh here`, {
    kind: 'input',
    next: 'remove it from ansible_ssh_common_args, ansible_ssh_extra_args or ANSIBLE_SSH_ARGS',
  })
}

export const option = (name: string, value: string | number): readonly string[] => ['-o', `${name}=${value}`]

/** What Ansible's variables say, as ssh's options. */
export function variableArguments(said: {
  readonly port?: number | undefined
  readonly user?: string | undefined
  readonly identityFile?: string | undefined
  readonly hostKeyPolicy?: 'accept-new' | 'off' | undefined
}): readonly string[] {
  return [
    ...(said.port === undefined ? [] : option('Port', said.port)),
    ...(said.user === undefined ? [] : optionWords('User', said.user)),
    ...(said.identityFile === undefined ? [] : optionWords('IdentityFile', said.identityFile)),
    ...(said.hostKeyPolicy === undefined
      ? []
      : option('StrictHostKeyChecking', said.hostKeyPolicy === 'off' ? 'no' : said.hostKeyPolicy)),
  ]
}
