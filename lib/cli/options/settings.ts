import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { CommandLineDefaults } from '../../connection/index.ts'
import type { BecomeDefaults, RunSettings } from '../../engine/prepare/settings.ts'
import { HostwrightError } from '../../error.ts'
import { loadInventory } from '../../inventory/index.ts'
import type { PlaybookData } from '../../play/data.ts'
import type { Report } from '../../report/event.ts'
import { ownFolder } from '../../own-folder.ts'
import { cacheFolder } from '../cache-folder.ts'
import type { Console } from '../console.ts'
import { inventorySources } from './inventory-sources.ts'
import { type Given, isYes } from './options.ts'
import { loginPasswords, type Passwords, vaultPasswords } from './passwords.ts'
import type { PlaybookOption } from './playbook-options.ts'

/** A playbook and the file it was read from. */
export interface LoadedPlaybook {
  readonly file: string
  readonly playbook: PlaybookData
}

/** What a command line asks for, as the engine takes it. */
export async function runSettings(
  { file, playbook }: LoadedPlaybook,
  given: Given<PlaybookOption>,
  console: Console,
  report: Report,
  signal: AbortSignal,
): Promise<RunSettings> {
  const numbers = { forks: given.number('forks', 1) ?? 50, timeout: given.number('timeout', 1) }
  const playbookDir = dirname(file)
  const warn = (message: string): void => report({ type: 'warning', message })
  const sources = sourcesFor(playbook, given, playbookDir, console)
  const passwords = await vaultPasswords(given, console)
  const extra = given.values('extra-vars')
  const extraVars =
    extra.length === 0
      ? {}
      : await (await import('./extra-vars.ts')).extraVars(extra, { cwd: console.cwd, passwords, warn })
  const login = needsNoHost(given) ? {} : await loginPasswords(given, console)
  const inventory = await loadInventory({ sources, playbookDir, vaultPasswords: passwords, warn })
  const limit = given.value('limit')
  const start = given.value('start-at-task')
  return {
    playbook,
    inventory,
    playbookDir,
    extraVars,
    vaultPasswords: passwords,
    check: given.flag('check'),
    diff: given.flag('diff'),
    selection: {
      ...(limit === undefined ? {} : { limit }),
      ...(start === undefined ? {} : { startAtTask: start }),
      tags: words(given.values('tags')),
      skipTags: words(given.values('skip-tags')),
    },
    forks: numbers.forks,
    forceHandlers: given.flag('force-handlers'),
    lookAhead: !given.flag('no-look-ahead'),
    connection: connectionOptions(given, login, numbers.timeout, console),
    become: becomeDefaults(given, login),
    report,
    stateDir: stateFolder(playbookDir, sources, console, {
      writes: !given.flag('check') && !needsNoHost(given),
      warn,
    }),
    ...(given.flag('step') ? { confirm: (await import('../step.ts')).stepByStep(console) } : {}),
    signal,
  }
}

/** What is owed to the hosts of one inventory is nothing to those of another that happen to have the same names. */
function stateFolder(
  playbookDir: string,
  sources: readonly string[],
  { cwd, env }: Console,
  { writes, warn }: { readonly writes: boolean; readonly warn: (message: string) => void },
): string {
  const whole = sources.map((source) => (source.includes(',') ? source : resolve(cwd, source))).join('\0')
  const label = basename(sources[0] ?? 'localhost').replace(/[^A-Za-z0-9_.-]/g, '_')
  const name = `${label}-${digest(whole)}`
  const beside = join(playbookDir, '.hostwright')
  const there = existsSync(join(beside, name)) ? ['.hostwright', name] : existsSync(beside) ? ['.hostwright'] : []
  if (!existsSync(playbookDir) || ownFolder(playbookDir, there, false) !== undefined) return join(beside, name)
  // Whoever can write there could have handlers forgotten, or lead what we write to elsewhere.
  const own = cacheFolder(env, ['owed'], writes)
  const kept =
    own === undefined ? 'no note is kept of handlers that do not run' : `handlers that do not run are noted in ${own}`
  if (writes) warn(`${beside} is not ours alone: ${kept}`)
  return own === undefined ? join(beside, name) : join(own, `${name}-${digest(playbookDir)}`)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 8)
}

/** Listings and checks that end before a host is met need no password. */
function needsNoHost(given: Given<PlaybookOption>): boolean {
  return (['list-hosts', 'list-tasks', 'list-tags', 'syntax-check'] as const).some((name) => given.flag(name))
}

function sourcesFor(
  playbook: PlaybookData,
  given: Given<PlaybookOption>,
  playbookDir: string,
  console: Console,
): readonly string[] {
  const sources = inventorySources(given, playbookDir, console)
  if (sources.length > 0 || playbook.plays.every(({ options }) => isThisMachine(options.hosts))) return sources
  throw new HostwrightError('there is no inventory', {
    kind: 'input',
    next: 'name one with -i PATH, or in package.json: "hostwright": { "inventory": "hosts.ini" }',
  })
}

function isThisMachine(pattern: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(pattern.trim())
}

function words(given: readonly string[]): readonly string[] {
  return given.flatMap((text) => text.split(',')).flatMap((word) => word.trim() || [])
}

function connectionOptions(
  given: Given<PlaybookOption>,
  { connection: password }: Passwords,
  timeout: number | undefined,
  { env }: Console,
): CommandLineDefaults {
  return {
    ...optional('user', given.value('user')),
    ...optional('password', password),
    ...optional('privateKeyFile', given.value('private-key')),
    ...optional('connection', given.value('connection')),
    ...optional('timeout', timeout),
    ...optional('sshArgs', env['ANSIBLE_SSH_ARGS'] === '' ? undefined : env['ANSIBLE_SSH_ARGS']),
    ...optional('sshCommonArgs', given.value('ssh-common-args')),
    ...optional('sshExtraArgs', given.value('ssh-extra-args')),
    ...optional('hostKeyChecking', hostKeyChecking(given, env['ANSIBLE_HOST_KEY_CHECKING'])),
  }
}

function hostKeyChecking(
  given: Given<PlaybookOption>,
  ansible: string | undefined,
): CommandLineDefaults['hostKeyChecking'] {
  const wanted =
    given.value('host-key-checking') ?? (ansible === undefined || ansible === '' ? undefined : yesOrNo(ansible))
  return wanted as CommandLineDefaults['hostKeyChecking']
}

function yesOrNo(text: string): string {
  if (text === 'accept-new') return text
  return isYes(text) ? 'yes' : 'no'
}

function becomeDefaults(given: Given<PlaybookOption>, { become: password }: Passwords): BecomeDefaults {
  const method = given.value('become-method') as BecomeDefaults['method']
  return {
    ...(given.flag('become') ? { become: true } : {}),
    ...optional('user', given.value('become-user')),
    ...optional('method', method),
    ...optional('password', password),
  }
}

function optional<K extends string, V>(key: K, value: V | undefined): { readonly [key in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { readonly [key in K]?: V })
}
