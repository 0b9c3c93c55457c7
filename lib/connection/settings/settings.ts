import { defined } from '../../defined.ts'
import { HostwrightError } from '../../error.ts'
import type { ConnectionKind, ConnectionTarget } from '../connection-kind.ts'
import { megabytes, mostOutputLimit, usualOutputLimit } from '../wire/output-limit.ts'
import { customKind, customTarget } from './custom.ts'
import type { CommandLineDefaults } from './defaults.ts'
import type { OpenSshOptions } from './openssh-options.ts'
import { checkHostName, checkUserName } from './ssh-names.ts'
import type { SshOptions } from './ssh-options.ts'
import { openSshSettings, sshSettings } from './ssh-settings.ts'
import { asInteger, Values } from './values.ts'
import { wordsOf } from '../../words.ts'

interface Limited {
  readonly host: string
  /** Seconds to connect, and until a shell listens. */
  readonly connectTimeout?: number
  /** Seconds a request may take unless it says otherwise. */
  readonly commandTimeout: number
  /** Bytes that the outputs of a request may take together, unless it says otherwise. */
  readonly outputLimit: number
}

/** How a host is reached. What is absent is left to ~/.ssh/config and OpenSSH's defaults, which are read when connecting. */
export type ConnectionSettings =
  | (Limited & {
      readonly kind: 'ssh'
      readonly ssh: SshOptions
      /** For `smart`: how the system's own ssh does it, where ssh2 cannot. */
      readonly otherwise?: OpenSshOptions
    })
  | (Limited & { readonly kind: 'openssh'; readonly openssh: OpenSshOptions })
  | (Limited & { readonly kind: 'local' })
  | (Limited & { readonly kind: 'command'; readonly argv: readonly string[] })
  | (Limited & {
      readonly kind: 'custom'
      /** The name that `ansible_connection` has for it. */
      readonly name: string
      readonly custom: ConnectionKind
      readonly target: ConnectionTarget
    })

const shells: Readonly<
  Record<string, (target: string, user: string | undefined, values: Values) => readonly string[]>
> = {
  docker: (name, user) => ['docker', 'exec', '-i', ...(user === undefined ? [] : ['-u', user]), name, 'sh'],
  podman: (name, user) => ['podman', 'exec', '-i', ...(user === undefined ? [] : ['-u', user]), name, 'sh'],
  nsenter: (pid, _user, values) => {
    if (asInteger(pid) === undefined) values.bad('ansible_host', pid, 'a process id, as nsenter wants')
    return ['nsenter', '-t', pid, '-a', 'sh']
  },
  lxc: (name) => ['lxc-attach', '-n', name, '--', 'sh'],
  command: (_target, _user, values) => {
    const command = values.raw('ansible_shell_command')
    const argv = typeof command === 'string' ? wordsOf(command, 'ansible_shell_command') : command
    if (Array.isArray(argv) && argv.length > 0 && argv.every((word) => typeof word === 'string')) return argv
    return values.bad(
      'ansible_shell_command',
      command ?? null,
      'a command that opens a shell, as text or a list of words',
    )
  },
}

const kinds = ['ssh', 'local', ...Object.keys(shells), 'openssh', 'smart']
const sameAs: Readonly<Record<string, string>> = {
  paramiko: 'ssh',
  paramiko_ssh: 'ssh',
  'ansible.builtin.ssh': 'ssh',
  'ansible.builtin.local': 'local',
  'community.docker.docker': 'docker',
  'containers.podman.podman': 'podman',
  'community.general.lxc': 'lxc',
}

/** The names that `ansible_connection` knows by itself. */
export const builtInKinds: readonly string[] = [...kinds, ...Object.keys(sameAs)]

/** How to reach a host, from Ansible's variables. Pure: it touches neither files nor the environment. */
export function connectionSettings(
  host: string,
  vars: Readonly<Record<string, unknown>>,
  defaults: CommandLineDefaults = {},
): ConnectionSettings {
  const values = new Values(host, vars)
  const said = values.text('ansible_connection') ?? defaults.connection ?? implied(host, values)
  const kind = sameAs[said] ?? said
  const custom = customKind(said, defaults)
  if (custom === undefined && !kinds.includes(kind)) {
    const known = [...kinds, ...Object.keys(defaults.kinds ?? {})]
    values.bad('ansible_connection', said, `one of ${known.join(', ')}`)
  }
  const connectTimeout = values.integer(1, 86_400, 'ansible_ssh_timeout', 'ansible_timeout') ?? defaults.timeout
  const limited = {
    host,
    commandTimeout: values.integer(1, 1_000_000, 'ansible_command_timeout') ?? 3600,
    outputLimit: megabytes(values.integer(1, mostOutputLimit, 'ansible_output_limit') ?? usualOutputLimit),
    ...defined({ connectTimeout }),
  }
  if (custom !== undefined) {
    const target = customTarget(host, vars, values, defaults)
    withHost(host, () => custom.check?.(target))
    return { ...limited, kind: 'custom', name: said, custom, target }
  }
  if (kind === 'local') return { ...limited, kind: 'local' }
  if (kind === 'openssh' || kind === 'smart') {
    const openssh = withHost(host, () => openSshSettings(host, values, defaults))
    const ssh = kind === 'smart' ? ifTaken(() => sshSettings(host, values, defaults)) : undefined
    return ssh === undefined
      ? { ...limited, kind: 'openssh', openssh }
      : { ...limited, kind: 'ssh', ssh, otherwise: openssh }
  }
  const shell = shells[kind]
  if (shell === undefined)
    return { ...limited, kind: 'ssh', ssh: withHost(host, () => sshSettings(host, values, defaults)) }
  const target = checkHostName(host, values.text('ansible_host') ?? host)
  const user = values.text('ansible_user') ?? defaults.user
  if (user !== undefined) checkUserName(host, user)
  return { ...limited, kind: 'command', argv: withHost(host, () => shell(target, user, values)) }
}

/** `localhost` that no inventory describes is this machine, as with Ansible. */
function implied(host: string, values: Values): string {
  const described = values.text('ansible_host', 'ansible_ssh_host', 'ansible_port', 'ansible_ssh_port') !== undefined
  return host === 'localhost' && !described ? 'local' : 'ssh'
}

/** The settings for ssh2; undefined when it refuses an option. */
function ifTaken<T>(read: () => T): T | undefined {
  try {
    return read()
  } catch (error) {
    if (error instanceof HostwrightError && error.kind === 'input') return undefined
    throw error
  }
}

function withHost<T>(host: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof HostwrightError ? error.at({ host }) : error
  }
}
