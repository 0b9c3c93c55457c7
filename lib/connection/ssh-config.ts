import { readFile, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import SSHConfig from 'ssh-config'
import { HostwrightError } from '../error.ts'
import { mergeSshOptions, readSshOption, type SshOptions } from './ssh-options.ts'
import { splitWords } from './words.ts'

const deepestInclude = 16

/** What the configuration files say of a host: the one given, or the user's and then the system's. Options that do not matter here are passed over. */
export async function readSshConfig(alias: string, user: string | undefined, file?: string): Promise<SshOptions> {
  if (file === 'none') return {}
  if (file !== undefined) return sshConfigOf(await expanded(expandHome(file), true), alias, user)
  const home = join(homedir(), '.ssh', 'config')
  return mergeSshOptions([
    sshConfigOf(await expanded(home, false), alias, user),
    sshConfigOf(await expanded('/etc/ssh/ssh_config', false), alias, user),
  ])
}

/** The options of one configuration text for a host. */
export function sshConfigOf(text: string, alias: string, user?: string): SshOptions {
  if (text.trim() === '') return {}
  const computed = SSHConfig.parse(text).compute(
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

/** The text of a file with its Includes in place. After each, the section that it stood in goes on. */
async function expanded(file: string, required: boolean, depth = 0): Promise<string> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (error) {
    if (!required) return ''
    throw new HostwrightError(`the ssh configuration ${file} cannot be read`, {
      kind: 'input',
      next: 'correct the path after -F',
      cause: error,
    })
  }
  let section = 'Host *'
  const lines = text.split('\n').map(async (line) => {
    if (/^\s*(host|match)\s/i.test(line)) section = line
    const include = /^\s*include[\s=]+(.*)$/i.exec(line)
    if (include === null || depth >= deepestInclude) return line
    const after = section
    const texts = await Promise.all(
      splitWords(include[1] ?? '').map(async (pattern) => {
        const files = await includedFiles(pattern, dirname(file))
        return Promise.all(files.map((path) => expanded(path, false, depth + 1)))
      }),
    )
    return [...texts.flat(), after].join('\n')
  })
  return (await Promise.all(lines)).join('\n')
}

/** Wildcards in the last part of the path, which is how they are used. */
async function includedFiles(pattern: string, folder: string): Promise<readonly string[]> {
  const home = expandHome(pattern)
  const path = isAbsolute(home) ? home : resolve(folder, home)
  if (!/[*?]/.test(basename(path))) return [path]
  const source = basename(path)
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  const names = await readdir(dirname(path)).catch((): string[] => [])
  return names
    .filter((name) => !name.startsWith('.') && new RegExp(`^${source}$`).test(name))
    .sort()
    .map((name) => join(dirname(path), name))
}
