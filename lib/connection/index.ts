import type { Connection } from './connection.ts'
import { HostConnection, type Limits } from './host-connection.ts'
import { commandTransport, localTransport } from './local.ts'
import type { ConnectionSettings } from './settings.ts'

export type * from './connection.ts'
export { becomeMethods, becomeSettings, type BecomeSettings } from './become-settings.ts'
export { connectionSettings, type CommandLineDefaults, type ConnectionSettings } from './settings.ts'

/** Opens the way to a host. Whoever calls this closes the connection. */
export async function connect(settings: ConnectionSettings): Promise<Connection> {
  const { host, commandTimeout } = settings
  const limits = { startTimeout: settings.connectTimeout ?? 10, commandTimeout }
  switch (settings.kind) {
    case 'local':
      return new HostConnection(localTransport(host), limits)
    case 'command':
      return new HostConnection(commandTransport(host, settings.argv), limits)
    case 'ssh':
      return openSsh(settings, limits)
  }
}

const loadSsh = () => import('./ssh.ts')
let ssh: ReturnType<typeof loadSsh> | undefined

/** What speaks ssh takes longer to load than all the rest, and is left out where no host is reached by it. */
async function openSsh(settings: ConnectionSettings & { kind: 'ssh' }, limits: Limits): Promise<Connection> {
  const { sshTarget, sshTransport } = await (ssh ??= loadSsh())
  const target = sshTarget(settings.host, settings.ssh, settings.connectTimeout)
  return new HostConnection(await sshTransport(target), { ...limits, startTimeout: target.connectTimeout })
}
