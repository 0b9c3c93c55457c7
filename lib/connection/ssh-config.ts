import { readdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import SSHConfig from 'ssh-config'
import { HostwrightError } from '../error.ts'
import { parsedFile } from './parsed-file.ts'
import { mergeSshOptions, readSshOption, type SshOptions } from './ssh-options.ts'
import { splitWords } from './words.ts'

const deepestInclude = 16

/** What the configuration files say of a host: the one given, or the user's and then the system's. Options that do not matter here are passed over. */
export function readSshConfig(alias: string, user: string | undefined, file?: string): SshOptions {
  if (file === 'none') return {}
  if (file !== undefined) return sshConfigOf(expanded(expandHome(file), true), alias, user)
  const home = join(homedir(), '.ssh', 'config')
  return mergeSshOptions([
    sshConfigOf(expanded(home, false), alias, user),
    sshConfigOf(expanded('/etc/ssh/ssh_config', false), alias, user),
  ])
}

/** The options of one configuration text for a host. */
export function sshConfigOf(text: string, alias: string, user?: string): SshOptions {
  if (text.trim() === '') return {}
  const computed = parsedConfig(text).compute(
    { Host: alias, ...(user === undefined ? {} : { User: user }) },
    { ignoreCase: true },
  )
  const options = Object.entries(computed).flatMap(([name, value]): readonly SshOptions[] => {
    const words = typeof value === 'string' ? splitUnlessCommand(name, value) : value
    if (name === 'identityfile') return words.map((path) => ({ identityFiles: [path] }))
    return [readSshOption(name, words) ?? {}]
  })
  return mergeSshOptions(options)
}

/** The last texts that were parsed: those of a run are the same for all its hosts. */
const parsed = new Map<string, ReturnType<typeof SSHConfig.parse>>()
const mostParsed = 8

function parsedConfig(text: string): ReturnType<typeof SSHConfig.parse> {
  const known = parsed.get(text)
  if (known !== undefined) return known
  // Most of a system's file is comments, over which the parser takes its time.
  const config = SSHConfig.parse(text.replace(/^[ \t]*#.*\n/gm, ''))
  if (parsed.size >= mostParsed) parsed.clear()
  parsed.set(text, config)
  return config
}

/** `%h` and the like, as in ssh_config(5). */
export function expandTokens(text: string, tokens: Readonly<Record<string, string>>): string {
  return text.replace(/%(.)/g, (all, token: string) => (token === '%' ? '%' : (tokens[token] ?? all)))
}

/** `~/` and `$HOME`-like variables at the front of paths. */
export function expandHome(path: string): string {
  const known = path.replace(/\$\{(\w+)\}/g, (_all, name: string) => process.env[name] ?? '')
  return known === '~' || known.startsWith('~/') ? join(homedir(), known.slice(1)) : known
}

function splitUnlessCommand(name: string, value: string): readonly string[] {
  return name === 'proxycommand' ? [value] : splitWords(value)
}

const configFile = parsedFile((read) => read)

/** The text of a file with its Includes in place. After each, the section that it stood in goes on. */
function expanded(file: string, required: boolean, depth = 0): string {
  const read = configFile(file)
  if ('error' in read) {
    if (!required) return ''
    throw new HostwrightError(`the ssh configuration ${file} cannot be read`, {
      kind: 'input',
      next: 'correct the path after -F',
      cause: read.error,
    })
  }
  const text = read.bytes.toString()
  let section = 'Host *'
  const lines = text.split('\n').map((line) => {
    if (/^\s*(host|match)\s/i.test(line)) section = line
    const include = /^\s*include[\s=]+(.*)$/i.exec(line)
    if (include === null || depth >= deepestInclude) return line
    const after = section
    const files = splitWords(include[1] ?? '').flatMap((pattern) => includedFiles(pattern, dirname(file)))
    return [...files.map((path) => expanded(path, false, depth + 1)), after].join('\n')
  })
  return lines.join('\n')
}

/** Wildcards in the last part of the path, which is how they are used. */
function includedFiles(pattern: string, folder: string): readonly string[] {
  const home = expandHome(pattern)
  const path = isAbsolute(home) ? home : resolve(folder, home)
  if (!/[*?]/.test(basename(path))) return [path]
  const source = basename(path)
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return namesIn(dirname(path))
    .filter((name) => !name.startsWith('.') && new RegExp(`^${source}$`).test(name))
    .sort()
    .map((name) => join(dirname(path), name))
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
