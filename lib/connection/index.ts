import { existsSync } from 'node:fs'
import type { Connection } from './connection.ts'
import { HostConnection, type Limits } from './host-connection.ts'
import { localTransport, overCommand } from './transports/local.ts'
import type { KeptLogin } from './kept/kept-logins.ts'
import { keptSocket } from './kept/place.ts'
import { noteLogin, takeLogins } from './kept/made.ts'
import type { OpenSshOptions } from './settings/openssh-options.ts'
import type { Transport } from './wire/process.ts'
import type { ConnectionSettings } from './settings/settings.ts'
import type { SshTarget } from './settings/ssh-target.ts'

export type * from './connection.ts'
export type { ConnectionKind, ConnectionKinds, ConnectionTarget } from './connection-kind.ts'
export type { KeptLogin } from './kept/kept-logins.ts'
export { becomeMethods, becomeSettings, type BecomeSettings } from './settings/become-settings.ts'
export type { CommandLineDefaults } from './settings/defaults.ts'
export { builtInKinds, connectionSettings, type ConnectionSettings } from './settings/settings.ts'

/** Opens the way to a host. Whoever calls this closes the connection. */
export async function connect(settings: ConnectionSettings): Promise<Connection> {
  const { host, commandTimeout, outputLimit } = settings
  const limits = { startTimeout: settings.connectTimeout ?? 10, commandTimeout, outputLimit }
  switch (settings.kind) {
    case 'local':
      return new HostConnection(localTransport(host), limits)
    case 'command':
      return new HostConnection(overCommand(host, settings.argv), limits)
    case 'custom':
      return openCustom(settings, limits)
    case 'openssh':
      return openBySystem(host, settings.openssh, limits)
    case 'ssh':
      return settings.otherwise === undefined
        ? openSsh(settings, limits)
        : openSmart(settings, settings.otherwise, limits)
  }
}

/** Lists the logins that are kept, and ends them. Only one command needs this code, so it is loaded on demand. */
export const keptLogins = async (): Promise<readonly KeptLogin[]> =>
  (await import('./kept/kept-logins.ts')).keptLogins()
export const endKeptLogins = async (): Promise<void> => (await import('./kept/kept-logins.ts')).endKeptLogins()

/** Keeps the logins made so far for the next runs, each as long as its ControlPersist says. Call it at the end of a run. */
export async function keepLogins(): Promise<void> {
  const logins = takeLogins()
  if (logins.length > 0) await (await import('./kept/hand-over.ts')).handOver(logins)
}

const loadSsh = () => import('./ssh/transport.ts')
let ssh: ReturnType<typeof loadSsh> | undefined

async function openCustom(settings: ConnectionSettings & { kind: 'custom' }, limits: Limits): Promise<Connection> {
  const { customTransport } = await import('./transports/custom.ts')
  const { custom, name, target } = settings
  return new HostConnection(await customTransport(custom, name, target, limits.startTimeout), limits)
}

async function openBySystem(host: string, options: OpenSshOptions, limits: Limits): Promise<Connection> {
  const { openSshTransport } = await import('./transports/openssh/transport.ts')
  return new HostConnection(await openSshTransport(host, options, limits.startTimeout), limits)
}

/** Uses ssh2. Falls back to openssh when the configuration or the host needs something that ssh2 does not support. */
async function openSmart(
  settings: ConnectionSettings & { kind: 'ssh' },
  otherwise: OpenSshOptions,
  limits: Limits,
): Promise<Connection> {
  const { needsOpenSsh, foundNoAgreement } = await import('./transports/openssh/needed.ts')
  if (needsOpenSsh(settings.host, settings.ssh)) return openBySystem(settings.host, otherwise, limits)
  return openSsh(settings, limits).catch((error: unknown) => {
    if (foundNoAgreement(error)) return openBySystem(settings.host, otherwise, limits)
    throw error
  })
}

/** The ssh client takes longer to load than everything else, so it is loaded only when a host needs it. */
async function openSsh(settings: ConnectionSettings & { kind: 'ssh' }, limits: Limits): Promise<Connection> {
  const { sshTarget } = await import('./settings/ssh-target.ts')
  const target = sshTarget(settings.host, settings.ssh, settings.connectTimeout)
  const transport = (await kept(target)) ?? (await loggedIn(target))
  return new HostConnection(transport, { ...limits, startTimeout: target.connectTimeout })
}

/** Uses a login that an earlier run has kept. */
async function kept(target: SshTarget): Promise<Transport | undefined> {
  const path = target.persist === 0 ? undefined : keptSocket(false)
  if (path === undefined || !existsSync(path)) return undefined
  const { keptTransport } = await import('./kept/client.ts')
  return keptTransport(target, path)
}

async function loggedIn(target: SshTarget): Promise<Transport> {
  const { sshTransport } = await (ssh ??= loadSsh())
  const transport = await sshTransport(target)
  // An agent may ask its user whenever one of its keys is used.
  if (!transport.byAgent) noteLogin(target)
  return transport
}
