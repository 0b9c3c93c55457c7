import { defined } from '../../defined.ts'
import { Socket } from 'node:net'
import { sendTogether } from '../wire/streams.ts'
import type { SshTarget } from '../settings/ssh-target.ts'

/** A socket on its way to the server. No small packet waits for the acknowledgement of the one before, and those of one moment leave together. */
export function dial({ address, port, options }: SshTarget): Socket {
  const socket = new Socket().connect({
    host: address,
    port,
    noDelay: true,
    ...defined({ localAddress: options.bindAddress, family: options.family }),
  })
  // After `connect`, which puts its own in place.
  const write = socket.write.bind(socket) as (...args: unknown[]) => boolean
  socket.write = (...args: unknown[]) => {
    sendTogether(socket)
    return write(...args)
  }
  return socket.setMaxListeners(0)
}
