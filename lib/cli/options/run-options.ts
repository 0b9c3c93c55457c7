import { HostwrightError } from '../../error.ts'
import type { InventoryInput } from '../../inventory/index.ts'
import type { PlaybookData } from '../../play/data.ts'
import type { Report } from '../../events/event.ts'
import type { LoadedPlaybook, RunOptions } from '../../run/options.ts'
import { isThisMachine } from '../../run/settings.ts'
import type { Console } from '../console.ts'
import type { Project } from '../project/project.ts'
import type { ExtraVarsOptions } from './extra-vars.ts'
import { inventoryInputs } from './inventory-inputs.ts'
import type { Given } from './options.ts'
import { loginPasswords, vaultPasswords } from './passwords.ts'
import type { PlaybookOption } from './playbook-options.ts'
import { booleanOf } from '../../schema/boolean.ts'

/** Where a command line is read. */
export interface Surroundings {
  readonly console: Console
  /** What the package says in which the playbook lies. */
  readonly project: Project
  readonly report: Report
  readonly signal: AbortSignal
}

/** What a command line says, as `run` takes it. Passwords are read from files or asked for. */
export async function runOptions(
  playbook: LoadedPlaybook,
  given: Given<PlaybookOption>,
  { console, project, report, signal }: Surroundings,
): Promise<RunOptions> {
  const [forks, timeout] = [given.number('forks', 1), given.number('timeout', 1)]
  const inventory = await inventoryOf(playbook, given, console, project)
  const passwords = await vaultPasswords(given, console)
  const vars = await extraVars(given, {
    cwd: console.cwd,
    passwords,
    warn: (message) => report({ type: 'warning', message }),
  })
  const login = meetsHosts(given) ? await loginPasswords(given, console) : {}
  const connections = meetsHosts(given) || given.flag('syntax-check') ? await project.connections() : {}
  const text = (name: PlaybookOption) => given.value(name) || undefined
  return {
    ...{ inventory, vars, forks, timeout, connections, report, signal },
    vaultPasswords: passwords,
    check: given.flag('check'),
    diff: given.flag('diff'),
    limit: text('limit'),
    startAtTask: text('start-at-task'),
    tags: given.values('tags'),
    skipTags: given.values('skip-tags'),
    forceHandlers: given.flag('force-handlers'),
    lookAhead: !given.flag('no-look-ahead'),
    user: text('user'),
    password: login.connection,
    privateKeyFile: text('private-key'),
    connection: text('connection'),
    sshArgs: console.env['ANSIBLE_SSH_ARGS'] || undefined,
    sshCommonArgs: given.value('ssh-common-args'),
    sshExtraArgs: given.value('ssh-extra-args'),
    hostKeyChecking: hostKeyChecking(given.value('host-key-checking') ?? console.env['ANSIBLE_HOST_KEY_CHECKING']),
    become: given.flag('become') || undefined,
    becomeUser: text('become-user'),
    becomeMethod: becomeMethod(given.value('become-method')),
    becomePassword: login.become,
    confirm: given.flag('step') ? (await import('../step.ts')).stepByStep(console) : undefined,
  }
}

/** Listings and checks that end before a host is met need no password. */
export function meetsHosts(given: Given<PlaybookOption>): boolean {
  return !(['list-hosts', 'list-tasks', 'list-tags', 'syntax-check'] as const).some((name) => given.flag(name))
}

async function inventoryOf(
  { plays }: PlaybookData,
  given: Given<PlaybookOption>,
  console: Console,
  project: Project,
): Promise<readonly InventoryInput[]> {
  const inputs = await inventoryInputs(given, console, project)
  if (inputs.length > 0 || plays.every(({ options }) => isThisMachine(options.hosts))) return inputs
  throw new HostwrightError('there is no inventory', {
    kind: 'input',
    next: 'name one with -i PATH, or in package.json: "hostwright": { "inventory": "hosts.ini" }',
  })
}

async function extraVars(
  given: Given<PlaybookOption>,
  options: ExtraVarsOptions,
): Promise<Readonly<Record<string, unknown>>> {
  const extra = given.values('extra-vars')
  return extra.length === 0 ? {} : (await import('./extra-vars.ts')).extraVars(extra, options)
}

function hostKeyChecking(said: string | undefined): RunOptions['hostKeyChecking'] {
  if (said === undefined || said === '') return undefined
  return said === 'accept-new' ? said : booleanOf(said) === true
}

function becomeMethod(said: string | undefined): RunOptions['becomeMethod'] {
  return (['sudo', 'su', 'doas'] as const).find((method) => method === said)
}
