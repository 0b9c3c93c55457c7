import { defined } from '../../defined.ts'
import { readdirSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import SSHConfig from 'ssh-config'
import { HostwrightError } from '../../error.ts'
import { quote } from '../../quote.ts'
import { parsedFile } from './parsed-file.ts'
import { readSshOption } from './ssh-keywords.ts'
import { mergeSshOptions, type SshOptions, type SshOptionSource } from './ssh-options.ts'
import { noteRefused } from './ssh-unsupported.ts'
import { wordsOf } from '../../words.ts'

const deepestInclude = 16

/** What the configuration files say of a host: the one given, or the user's and then the system's. Options that do not matter here are passed over. */
export function readSshConfig(alias: string, user: string | undefined, file?: string): SshOptions {
  if (file === 'none') return {}
  if (file !== undefined) return sshConfigOf(expanded(expandHome(file), 'named'), alias, user)
  const home = join(homedir(), '.ssh', 'config')
  return mergeSshOptions([
    sshConfigOf(expanded(home, 'user'), alias, user),
    sshConfigOf(expanded('/etc/ssh/ssh_config', 'system'), alias, user, 'system'),
  ])
}

/** The options of one configuration text for a host. */
export function sshConfigOf(text: string, alias: string, user?: string, source: SshOptionSource = 'user'): SshOptions {
  if (text.trim() === '') return {}
  const computed = parsedConfig(text).compute(
    { Host: alias, ...defined({ User: user }) },
    { ignoreCase: true, matchExec: false },
  )
  const ignored = [computed['ignoreunknown'] ?? []]
    .flat()
    .join(',')
    .split(/[\s,]+/)
  const options = Object.entries(computed).flatMap(([name, value]): readonly SshOptions[] => {
    if (structure.has(name)) return []
    const words = typeof value === 'string' ? splitUnlessCommand(name, value) : value
    if (name === 'identityfile') return words.map((path) => ({ identityFiles: [path] }))
    return [readSshOption(name, words, source) ?? unknownOption(name, ignored)]
  })
  return mergeSshOptions([...options, ...unsupportedMatches(text, source)])
}

/** What parts a configuration, and says nothing of a host. */
const structure = new Set(['host', 'match', 'include'])

/** OpenSSH refuses an unknown option, unless IgnoreUnknown names it: a misspelt option would protect nobody. */
function unknownOption(name: string, ignored: readonly string[]): SshOptions {
  if (ignored.some((pattern) => pattern !== '' && wildcard(pattern.toLowerCase()).test(name.toLowerCase()))) return {}
  throw new HostwrightError(`the ssh configuration holds an option that is not known: ${name}`, {
    kind: 'input',
    next: `correct it, or pass over it with IgnoreUnknown ${name}`,
  })
}

const knownCriteria = new Set(['all', 'final', 'host', 'originalhost', 'user', 'localuser'])

/** Sections that may apply to this host, with criteria that cannot be evaluated here. CanonicalizeHostname is refused, so `canonical` never holds. */
function unsupportedMatches(text: string, source: SshOptionSource): readonly SshOptions[] {
  return [...text.matchAll(/^[ \t]*match[ \t=]+(.*)$/gim)].flatMap(([, line = '']) => {
    const words = wordsOf(line, 'a line of the ssh configuration')
    for (let i = 0; i < words.length; i += 1) {
      const word = words[i] ?? ''
      if (word.toLowerCase() === 'canonical') return []
      if (!knownCriteria.has(word.toLowerCase()))
        return [noteRefused(`Match ${word}`, words.slice(i + 1).join(' '), source)]
      if (!['all', 'final'].includes(word.toLowerCase())) i += 1
    }
    return []
  })
}

/** The last texts that were parsed: those of a run are the same for all its hosts. */
const parsed = new Map<string, ReturnType<typeof SSHConfig.parse>>()
const mostParsed = 8

function parsedConfig(text: string): ReturnType<typeof SSHConfig.parse> {
  const known = parsed.get(text)
  if (known !== undefined) return known
  // Comments go first: they are most of a system's file, and the parser is slow at them.
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
  return name === 'proxycommand' ? [value] : wordsOf(value, 'a line of the ssh configuration')
}

const configFile = parsedFile((read, path) => ({ read, exposed: mayBeWrittenByOthers(path) }))

/** As OpenSSH asks of the user's own configuration and of all that is included: an option may be a command to run. */
function mayBeWrittenByOthers(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  return found !== undefined && ((found.uid !== 0 && found.uid !== process.getuid?.()) || (found.mode & 0o022) !== 0)
}

function checkOwner(file: string, exposed: boolean): void {
  if (!exposed) return
  throw new HostwrightError(`the ssh configuration ${file} may be written by others`, {
    kind: 'input',
    next: `make it yours alone: chown $USER ${quote(file)}; chmod go-w ${quote(file)}`,
  })
}

/** The text of a file with its Includes in place. After each, the section that it stood in goes on. */
function expanded(file: string, kind: 'named' | 'user' | 'system', depth = 0): string {
  const { read, exposed } = configFile(file)
  if (kind === 'user' || depth > 0) checkOwner(file, exposed)
  if ('error' in read) {
    if (kind !== 'named' || depth > 0) return ''
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
    const files = wordsOf(include[1] ?? '', 'a line of the ssh configuration').flatMap((pattern) =>
      includedFiles(pattern, dirname(file)),
    )
    return [...files.map((path) => expanded(path, kind, depth + 1)), after].join('\n')
  })
  return lines.join('\n')
}

/** Wildcards in the last part of the path, which is how they are used. */
function includedFiles(pattern: string, folder: string): readonly string[] {
  const home = expandHome(pattern)
  const path = isAbsolute(home) ? home : resolve(folder, home)
  if (!/[*?]/.test(basename(path))) return [path]
  const matching = wildcard(basename(path))
  return namesIn(dirname(path))
    .filter((name) => !name.startsWith('.') && matching.test(name))
    .sort()
    .map((name) => join(dirname(path), name))
}

function wildcard(pattern: string): RegExp {
  const source = pattern
    .replace(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`)
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}
