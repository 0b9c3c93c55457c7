import { HostwrightError } from '../error.ts'
import { readSshArgs } from './ssh-args.ts'
import { mergeSshOptions, type SshOptions } from './ssh-options.ts'
import { asFlag, asInteger, Values } from './values.ts'
import { splitWords } from './words.ts'

/** What the command line and the environment say for every host. The caller reads them; nothing here looks at `process.env`. */
export interface CommandLineDefaults {
  /** `--connection` */
  readonly connection?: string
  /** `--user` */
  readonly user?: string
  /** `--private-key` */
  readonly privateKeyFile?: string
  /** `--timeout`: seconds to connect. */
  readonly timeout?: number
  /** `--ssh-common-args`, `--ssh-extra-args` */
  readonly sshCommonArgs?: string
  readonly sshExtraArgs?: string
  /** The environment's ANSIBLE_HOST_KEY_CHECKING and ANSIBLE_SSH_ARGS. */
  readonly hostKeyChecking?: string | boolean
  readonly sshArgs?: string
}

interface Limited {
  readonly host: string
  /** Seconds to connect, and until a shell listens. */
  readonly connectTimeout?: number
  /** Seconds a request may take unless it says otherwise. */
  readonly commandTimeout: number
}

/** How a host is reached. What is absent is left to ~/.ssh/config and OpenSSH's defaults, which are read when connecting. */
export type ConnectionSettings =
  | (Limited & { readonly kind: 'ssh'; readonly ssh: SshOptions })
  | (Limited & { readonly kind: 'local' })
  | (Limited & { readonly kind: 'command'; readonly argv: readonly string[] })

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
    const argv = typeof command === 'string' ? splitWords(command) : command
    if (Array.isArray(argv) && argv.length > 0 && argv.every((word) => typeof word === 'string')) return argv
    return values.bad(
      'ansible_shell_command',
      command ?? null,
      'a command that opens a shell, as text or a list of words',
    )
  },
}

const kinds = ['ssh', 'local', ...Object.keys(shells)]
const sameAs: Readonly<Record<string, string>> = {
  smart: 'ssh',
  paramiko: 'ssh',
  paramiko_ssh: 'ssh',
  'ansible.builtin.ssh': 'ssh',
  'ansible.builtin.local': 'local',
  'community.docker.docker': 'docker',
  'containers.podman.podman': 'podman',
  'community.general.lxc': 'lxc',
}

/** How to reach a host, from Ansible's variables. Pure: it touches neither files nor the environment. */
export function connectionSettings(
  host: string,
  vars: Readonly<Record<string, unknown>>,
  defaults: CommandLineDefaults = {},
): ConnectionSettings {
  const values = new Values(host, vars)
  const said = values.text('ansible_connection') ?? defaults.connection ?? implied(host, values)
  const kind = sameAs[said] ?? said
  if (!kinds.includes(kind)) values.bad('ansible_connection', said, `one of ${kinds.join(', ')}`)
  const connectTimeout = values.integer(1, 86_400, 'ansible_ssh_timeout', 'ansible_timeout') ?? defaults.timeout
  const limited = {
    host,
    commandTimeout: values.integer(1, 1_000_000, 'ansible_command_timeout') ?? 3600,
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
  }
  if (kind === 'local') return { ...limited, kind: 'local' }
  const shell = shells[kind]
  if (shell === undefined)
    return { ...limited, kind: 'ssh', ssh: withHost(host, () => sshSettings(host, values, defaults)) }
  const target = values.text('ansible_host') ?? host
  const user = values.text('ansible_user') ?? defaults.user
  return { ...limited, kind: 'command', argv: withHost(host, () => shell(target, user, values)) }
}

/** `localhost` that no inventory describes is this machine, as with Ansible. */
function implied(host: string, values: Values): string {
  const described = values.text('ansible_host', 'ansible_ssh_host', 'ansible_port', 'ansible_ssh_port') !== undefined
  return host === 'localhost' && !described ? 'local' : 'ssh'
}

/** In the order in which Ansible puts them on ssh's command line, where the first counts. */
function sshSettings(host: string, values: Values, defaults: CommandLineDefaults): SshOptions {
  const identity = values.text('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? defaults.privateKeyFile
  const fromVars: Record<string, unknown> = {
    alias: values.text('ansible_host', 'ansible_ssh_host') ?? host,
    port: values.integer(1, 65_535, 'ansible_port', 'ansible_ssh_port'),
    user: values.text('ansible_user', 'ansible_ssh_user') ?? defaults.user,
    password: values.secret('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password'),
    passphrase: values.secret('ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'),
    identityFiles: identity === undefined ? undefined : [identity],
    hostKeyPolicy: hostKeyPolicy(values, defaults),
  }
  const args = [
    values.text('ansible_ssh_args') ?? defaults.sshArgs,
    values.text('ansible_ssh_common_args') ?? defaults.sshCommonArgs,
    values.text('ansible_ssh_extra_args') ?? defaults.sshExtraArgs,
  ].map((line) => (line === undefined ? {} : readSshArgs(line)))
  const [first = {}, ...later] = args
  return mergeSshOptions([first, fromVars as SshOptions, ...later])
}

/** Checking is the default; asking for it leaves the particulars to ssh's options. */
function hostKeyPolicy(values: Values, defaults: CommandLineDefaults): 'accept-new' | 'off' | undefined {
  const names = ['ansible_host_key_checking', 'ansible_ssh_host_key_checking']
  const name =
    names.find((known) => values.raw(known) !== undefined && values.raw(known) !== '') ?? 'ANSIBLE_HOST_KEY_CHECKING'
  const value = values.raw(name) ?? defaults.hostKeyChecking
  if (value === undefined || value === null || value === '') return undefined
  if (value === 'accept-new') return 'accept-new'
  const checking = asFlag(value) ?? values.bad(name, value, 'yes, no or accept-new')
  return checking ? undefined : 'off'
}

function withHost<T>(host: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw error instanceof HostwrightError ? error.at({ host }) : error
  }
}
