import type { Secret } from '../secret.ts'
import type { Transport } from './wire/process.ts'

/** The host that a connection kind is asked to reach, from Ansible's variables and the options of the run. */
export interface ConnectionTarget {
  /** The name of the host in the inventory. */
  readonly host: string
  /** `ansible_host`, or else the name in the inventory. Never empty, an option (`-x`) or shell syntax. */
  readonly address: string
  /** `ansible_port` */
  readonly port?: number
  /** `ansible_user` */
  readonly user?: string
  /** `ansible_password` */
  readonly password?: Secret
  /** All variables of the host. */
  readonly vars: Readonly<Record<string, unknown>>
}

/**
 * A kind of connection that a program or a package brings. A host uses it when its `ansible_connection` is the name it was given under: the key in
 * `connections` of {@link RunOptions}, or of `"hostwright"` in package.json.
 *
 * @example
 * const lxc: ConnectionKind = { open: ({ host, address }) => commandTransport(host, ['lxc-attach', '-n', address, '--', 'sh']) }
 * await run(site, { inventory, connections: { lxc } })
 */
export interface ConnectionKind {
  /** Checks the variables of a host. It throws what is wrong with them, and is called before any host is touched; it must touch none itself. */
  readonly check?: (target: ConnectionTarget) => void
  /** Opens the way to the host. An error makes the host UNREACHABLE, and so does taking longer than `ansible_timeout` (10 seconds by default). */
  readonly open: (target: ConnectionTarget) => Transport | Promise<Transport>
}

/** Connection kinds under the names that `ansible_connection` has for them. */
export type ConnectionKinds = Readonly<Record<string, ConnectionKind>>

/**
 * A transport over a command of this machine that opens a POSIX shell on its standard streams.
 *
 * @param host - the name of the host in the inventory.
 * @param argv - the command and its arguments, each a word of its own; no shell reads them.
 * @example
 * commandTransport('web1', ['docker', 'exec', '-i', 'web1', 'sh'])
 */
export async function commandTransport(host: string, argv: readonly string[]): Promise<Transport> {
  const { overCommand } = await import('./transports/local.ts')
  return overCommand(host, argv)
}
