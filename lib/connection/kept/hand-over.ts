import { spawn } from 'node:child_process'
import { createConnection } from 'node:net'
import { packageRoot } from '../../package-root.ts'
import type { SshTarget } from '../settings/ssh-target.ts'
import { packTarget } from './login-key.ts'
import { keptSocket } from './place.ts'

/**
 * Has logins kept for runs to come, as ssh's ControlPersist does. It takes a process of its own, which logs in anew: what encrypts a connection cannot be given
 * away. Nobody waits for it.
 */
export async function handOver(targets: readonly SshTarget[]): Promise<void> {
  const path = keptSocket(true)
  if (path === undefined) return
  const ask = JSON.stringify({ keep: targets.map(packTarget) })
  if (await told(path, ask)) return
  const keeper = spawn(process.execPath, [`${packageRoot}/bin/keep-logins.js`], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  keeper.on('error', () => undefined)
  keeper.stdin.on('error', () => undefined)
  keeper.stdin.end(ask)
  keeper.unref()
}

/** Where somebody keeps logins already. */
function told(path: string, ask: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection(path)
    socket.once('error', () => resolve(false))
    socket.once('connect', () => socket.end(`${ask}\n`, () => resolve(true)))
  })
}
