import type { CommandLineDefaults } from './defaults.ts'
import { checkHostName, checkPort, checkUserName } from './ssh-names.ts'
import type { Values } from './values.ts'

/** What Ansible's variables say of a login, of whatever kind. */
export function loginVariables(host: string, values: Values, defaults: CommandLineDefaults) {
  return {
    alias: values.text('ansible_host', 'ansible_ssh_host') ?? host,
    port: values.integer(1, 65_535, 'ansible_port', 'ansible_ssh_port'),
    user: values.text('ansible_user', 'ansible_ssh_user') ?? defaults.user,
    password: values.secret('ansible_password', 'ansible_ssh_pass', 'ansible_ssh_password') ?? defaults.password,
  }
}

/** Before any host is touched. What configuration files say comes later, when they are read. */
export function checkNames(
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
