import { asHostwrightError, HostwrightError } from '../../error.ts'
import type { ConnectionKind, ConnectionTarget } from '../connection-kind.ts'
import { type Transport, within } from '../wire/process.ts'

/** Opens a transport of a kind that a program or a package brings, within this many seconds. */
export async function customTransport(
  kind: ConnectionKind,
  name: string,
  target: ConnectionTarget,
  seconds: number,
): Promise<Transport> {
  const { host } = target
  let late = false
  const opening = Promise.resolve()
    .then(() => kind.open(target))
    .then((transport) => {
      if (late) void transport.close()
      return transport
    })
  try {
    const transport = await within(seconds, opening, () => {
      late = true
      return new HostwrightError(`the connection "${name}" was not open within ${seconds} seconds`, {
        kind: 'unreachable',
        host,
        next: 'check that the host is up, or raise ansible_timeout',
      })
    })
    if (typeof transport?.start === 'function' && typeof transport.close === 'function') return transport
  } catch (error) {
    throw asHostwrightError(error, { kind: 'unreachable', host })
  }
  throw new HostwrightError(`the connection "${name}" gave no transport`, {
    kind: 'unreachable',
    host,
    next: 'its open() must give an object with host, start() and close()',
  })
}
