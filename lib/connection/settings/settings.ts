import { HostwrightError } from '../../error.ts'
import type { Secret } from '../../secret.ts'
import { megabytes, mostOutputLimit, usualOutputLimit } from '../wire/output-limit.ts'
import { readArguments, variableArguments, type OpenSshOptions } from './openssh-options.ts'
import { readSshArgs } from './ssh-args.ts'
import { checkHostName, checkPort, checkUserName } from './ssh-names.ts'
import { hopsOf } from './ssh-hops.ts'
import { mergeSshOptions, type SshOptions } from './ssh-options.ts'
import { refuseUnsupported } from './ssh-unsupported.ts'
import { asFlag, asInteger, Values } from './values.ts'
import { splitWords } from './words.ts'

/** What the command line and the environment say for every host. The caller reads them; nothing here looks at `process.env`. */
export interface CommandLineDefaults {
  /** `--connection` */
  readonly connection?: string
  /** `--user` */
  readonly user?: string
  /** `--ask-pass`, `--connection-password-file` */
  readonly password?: Secret
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
    outputLimit: megabytes(values.integer(1, mostOutputLimit, 'ansible_output_limit') ?? usualOutputLimit),
    ...(connectTimeout === undefined ? {} : { connectTimeout }),
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

/** What Ansible's variables say of an ssh login, whoever speaks ssh. */
function sshVariables(host: string, values: Values, defaults: CommandLineDefaults) {
  return {
    alias: values.text('ansible_host', 'ansible_ssh_host') ?? host,
    port: values.integer(1, 65_535, 'ansible_port', 'ansible_ssh_port'),
    user: values.text('ansible_user', 'ansible_ssh_user') ?? defaults.user,
    password: values.secret('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? defaults.password,
    passphrase: values.secret('ansible_ssh_private_key_passphrase', 'ansible_private_key_passphrase'),
    identityFile: values.text('ansible_ssh_private_key_file', 'ansible_private_key_file') ?? defaults.privateKeyFile,
    hostKeyPolicy: hostKeyPolicy(values, defaults),
  }
}

/** The lines of arguments. The first line comes before the variables, because ssh uses the first value of most options. */
function sshArguments<T>(values: Values, defaults: CommandLineDefaults, read: (line: string) => T): readonly T[] {
  return [
    values.text('ansible_ssh_args') ?? defaults.sshArgs,
    values.text('ansible_ssh_common_args') ?? defaults.sshCommonArgs,
    values.text('ansible_ssh_extra_args') ?? defaults.sshExtraArgs,
  ].map((line) => read(line ?? ''))
}

function openSshSettings(host: string, values: Values, defaults: CommandLineDefaults): OpenSshOptions {
  const said = sshVariables(host, values, defaults)
  checkNames(host, said)
  const { alias, user, password, passphrase } = said
  const [first = [], ...later] = sshArguments(values, defaults, readArguments)
  return {
    executable: values.text('ansible_ssh_executable') ?? 'ssh',
    alias,
    args: [...first, ...variableArguments(said), ...later.flat()],
    ...(user === undefined || first.length > 0 ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(passphrase === undefined ? {} : { passphrase }),
  }
}

/** In the order in which Ansible puts them on ssh's command line, where the first counts. */
function sshSettings(host: string, values: Values, defaults: CommandLineDefaults): SshOptions {
  const { identityFile, ...variables } = sshVariables(host, values, defaults)
  const fromVars: Record<string, unknown> = {
    ...variables,
    identityFiles: identityFile === undefined ? undefined : [identityFile],
  }
  const [first = {}, ...later] = sshArguments(values, defaults, readSshArgs)
  const said = mergeSshOptions([first, fromVars as SshOptions, ...later])
  checkNames(host, said)
  refuseUnsupported(host, said)
  for (const hop of hopsOf(said)) checkNames(host, hop)
  return said
}

/** Before any host is touched. What configuration files say comes later, when they are read. */
function checkNames(
  host: string,
  {
    alias,
    hostName,
    user,
    port,
  }: { [Name in 'alias' | 'hostName' | 'user']?: string | undefined } & { port?: number | undefined },
): void {
  if (alias !== undefined) checkHostName(host, alias)
  if (hostName !== undefined) checkHostName(host, hostName.replaceAll('%', ''))
  if (user !== undefined) checkUserName(host, user)
  if (port !== undefined) checkPort(host, port)
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

/** What ssh2 takes; nothing where it refuses an option. */
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
