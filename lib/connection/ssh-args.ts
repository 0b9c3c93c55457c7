import { HostwrightError } from '../error.ts'
import { mergeSshOptions, readSshOption, type SshOptions } from './ssh-options.ts'
import { splitWords } from './words.ts'

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
  const words = splitWords(line)
  const found: SshOptions[] = []
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    if (!/^-[A-Za-z0-9]/.test(word)) refuse(word)
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] ?? ''
      const read = withValue[letter]
      if (read === undefined) {
        found.push(alone[letter] ?? refuse(`-${letter}`))
        continue
      }
      const attached = word.slice(at + 1)
      const value = attached === '' ? words[(i += 1)] : attached
      if (value === undefined) refuse(`-${letter} without a value`)
      found.push(read(value))
      break
    }
  }
  return mergeSshOptions(found)
}

/** `Key=Value` or `Key Value`; the value may be quoted once more. */
function option(text: string): SshOptions {
  const [, name = '', value = ''] = /^\s*(\w+)\s*[=\s]\s*(.*?)\s*$/s.exec(text) ?? refuse(`-o ${text}`)
  // A command's own quotes belong to the shell that will run it.
  return name.toLowerCase() === 'proxycommand' ? { proxyCommand: value } : known(name, ...splitWords(value))
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
