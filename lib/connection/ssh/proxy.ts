import { spawn } from 'node:child_process'
import type { Duplex } from 'node:stream'
import { joinStreams } from '../wire/streams.ts'

/** A way to an ssh server that is not a socket of our own. */
export interface Proxy {
  readonly stream: Duplex
  /** What the proxy complained about so far. */
  words(): string
}

/** ProxyCommand: a process whose standard streams are the connection. It ends with the stream. */
export function commandProxy(command: string): Proxy {
  // A process group of its own, so that what the command starts ends with it, and Ctrl-C here does not reach it.
  const child = spawn('/bin/sh', ['-c', `exec ${command}`], { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  let words = ''
  const stream = joinStreams(child.stdout, child.stdin, () => {
    for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe.destroy()
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) endGroup(child.pid)
    child.unref()
  })
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString()).slice(-4096)))
  child.on('error', (error) => stream.destroy(new Error(`the ProxyCommand cannot be started: ${error.message}`)))
  child.on('close', (status, signal) => {
    if (status === 0) stream.push(null)
    else if (!stream.destroyed) stream.destroy(new Error(`the ProxyCommand ended with ${signal ?? `status ${status}`}`))
  })
  return { stream, words: () => words.trim() }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended by itself in the meantime.
  }
}
