import { createServer, connect as dial, type AddressInfo, type Socket } from 'node:net'
import type { Sshd } from './sshd.ts'

/** A cable between controller and host that can be cut, or go dead without a word. */
export interface Cable {
  /** Inventory variables that lead through it. */
  readonly vars: Readonly<Record<string, unknown>>
  /** How many connections there have been. */
  count(): number
  /** What is connected now hears nothing any more. */
  silence(): void
  cut(): Promise<void>
}

export async function cable(sshd: Sshd): Promise<Cable> {
  const sockets = new Set<Socket>()
  let count = 0
  const server = createServer((near) => {
    count += 1
    const far = dial(sshd.port, '127.0.0.1')
    for (const socket of [near, far]) sockets.add(socket.on('error', () => socket.destroy()))
    near.pipe(far).pipe(near)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    vars: {
      ansible_port: port,
      ansible_ssh_common_args: `${String(sshd.vars['ansible_ssh_common_args'])} -o HostKeyAlias=[127.0.0.1]:${sshd.port}`,
    },
    count: () => count,
    silence() {
      for (const socket of sockets) socket.unpipe().pause()
    },
    async cut() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}
