import { defined } from '../../defined.ts'
import type { CommandLineDefaults } from './defaults.ts'
import { checkNames, loginVariables } from './login.ts'
import { readArguments, variableArguments, type OpenSshOptions } from './openssh-options.ts'
import { readSshArgs } from './ssh-args.ts'
import { hopsOf } from './ssh-hops.ts'
import { mergeSshOptions, type SshOptions } from './ssh-options.ts'
import { refuseUnsupported } from './ssh-unsupported.ts'
import { asFlag, type Values } from './values.ts'

/** What Ansible's variables say of an ssh login, whoever speaks ssh. */
function sshVariables(host: string, values: Values, defaults: CommandLineDefaults) {
  return {
    ...loginVariables(host, values, defaults),
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

/** How the system's own ssh reaches a host. */
export function openSshSettings(host: string, values: Values, defaults: CommandLineDefaults): OpenSshOptions {
  const said = sshVariables(host, values, defaults)
  checkNames(host, said)
  const { alias, user, password, passphrase } = said
  const [first = [], ...later] = sshArguments(values, defaults, readArguments)
  return {
    executable: values.text('ansible_ssh_executable') ?? 'ssh',
    alias,
    args: [...first, ...variableArguments(said), ...later.flat()],
    ...(user === undefined || first.length > 0 ? {} : { user }),
    ...defined({ password, passphrase }),
  }
}

/** How ssh2 reaches a host; the options are in the order in which Ansible puts them on ssh's command line, where the first counts. */
export function sshSettings(host: string, values: Values, defaults: CommandLineDefaults): SshOptions {
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
