import { HostwrightError } from '../../error.ts'
import { readSshOption } from './ssh-keywords.ts'
import { sshLetters } from './ssh-letters.ts'
import { mergeSshOptions, type SshOptions } from './ssh-options.ts'
import { wordsOf } from '../../words.ts'

type Flag = (value: string) => SshOptions

/** ssh's letters that take a value, and are honoured. */
const withValue: Readonly<Record<string, Flag>> = {
  o: option,
  i: (value) => ({ identityFiles: [value] }),
  p: (value) => known('Port', value),
  l: (value) => ({ user: value }),
  J: (value) => ({ proxyJump: value }),
  F: (value) => ({ configFile: value }),
  b: (value) => ({ bindAddress: value }),
  c: (value) => ({ ciphers: value }),
  m: (value) => ({ macs: value }),
  S: () => ({}),
  e: () => ({}),
}

/** ssh's letters without a value. */
const alone: Readonly<Record<string, SshOptions>> = {
  4: { family: 4 },
  6: { family: 6 },
  A: { forwardAgent: true },
  a: { forwardAgent: false },
  ...Object.fromEntries([...'CkMnqTtvxy'].map((letter) => [letter, {}])),
}

/** What ssh's command-line arguments say. One that cannot be honoured is an error that names it. */
export function readSshArgs(line: string): SshOptions {
  const options = sshLetters(line, takesValue, refuse)
  return mergeSshOptions(
    options.map(({ letter, value }) => (value === undefined ? alone[letter] : withValue[letter]?.(value)) ?? {}),
  )
}

function takesValue(letter: string): boolean {
  return letter in withValue || (letter in alone ? false : refuse(`-${letter}`))
}

/** `Key=Value` or `Key Value`; the value may be quoted once more. */
function option(text: string): SshOptions {
  const [, name = '', value = ''] = /^\s*(\w+)\s*[=\s]\s*(.*?)\s*$/s.exec(text) ?? refuse('-o without Key=Value')
  // Quotes inside a command are for the shell that runs it.
  return name.toLowerCase() === 'proxycommand'
    ? { proxyCommand: value }
    : known(name, ...wordsOf(value, 'an option of ssh'))
}

function known(name: string, ...words: readonly string[]): SshOptions {
  return readSshOption(name, words) ?? refuse(name)
}

function refuse(what: string): never {
  throw new HostwrightError(`the ssh option ${what} cannot be honoured`, {
    kind: 'input',
    next: 'remove it from ansible_ssh_common_args, ansible_ssh_extra_args or ANSIBLE_SSH_ARGS, or put what it means into ~/.ssh/config',
  })
}
