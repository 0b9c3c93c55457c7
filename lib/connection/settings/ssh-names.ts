import { HostwrightError } from '../../error.ts'

/**
 * What names may hold before they reach a `%` token, a ProxyCommand's shell or an argument, as OpenSSH's `valid_hostname` and `valid_ruser` have it
 * (CVE-2023-51385): a name that an inventory brings must not become a command or an option.
 */

/** A host's name or address. */
export function checkHostName(host: string, name: string): string {
  if (!/^-|['`"$\\;&<>|(){}\s\p{Cc}]|^$/u.test(name)) return name
  throw refused(host, 'host name', name, 'correct ansible_host, or the host’s name, in the inventory')
}

/** A login user. */
export function checkUserName(host: string, user: string): string {
  if (!/^-|['`";&<>|(){}\p{Cc}]|\s-|\\$|^$/u.test(user)) return user
  throw refused(host, 'user', user, 'correct ansible_user in the inventory')
}

/** A port of TCP. */
export function checkPort(host: string, port: number): number {
  if (Number.isInteger(port) && port >= 1 && port <= 65_535) return port
  throw refused(host, 'port', String(port), 'name a port from 1 to 65535')
}

function refused(host: string, what: string, value: string, next: string): HostwrightError {
  return new HostwrightError(`the ${what} ${JSON.stringify(value)} is not one that ssh takes`, {
    kind: 'input',
    host,
    next,
  })
}
