import { spawn, type ChildProcess } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { HostwrightError } from '../../error.ts'
import { quote } from '../../quote.ts'
import type { ProcessEnd, HostProcess, StartOptions, Transport } from '../wire/process.ts'

/** Programs on this machine. */
export function localTransport(host: string): Transport {
  return spawning(host, true, async (command, options) => {
    if (options.pty !== true) return { argv: ['/bin/sh', '-c', `exec ${command}`] }
    const script = await onPath('script')
    if (script === undefined)
      throw new HostwrightError('doas with a password needs a terminal, and `script` is not installed here', {
        kind: 'failed',
        host,
        next: 'install it (package bsdutils or util-linux), or set ansible_become_method=sudo',
      })
    return { argv: [script, '-qefc', `exec ${command}`, '/dev/null'] }
  })
}

/** Programs started by a shell that some command opens on its standard streams (`docker exec -i web1 sh`). */
export function overCommand(host: string, argv: readonly string[]): Transport {
  return spawning(host, false, (command, options) => {
    if (options.pty === true)
      return Promise.reject(
        new HostwrightError('doas with a password needs a terminal, which this kind of connection has not', {
          kind: 'failed',
          host,
          next: 'set ansible_become_method=sudo or su',
        }),
      )
    // One line and nothing more until the program says that it listens: dash reads ahead and would swallow it.
    return Promise.resolve({ argv, first: `exec ${command}\n` })
  })
}

interface Plan {
  readonly argv: readonly string[]
  readonly first?: string
}

function spawning(
  host: string,
  keepsEarly: boolean,
  plan: (command: string, options: StartOptions) => Promise<Plan>,
): Transport {
  const running = new Set<HostProcess>()
  return {
    host,
    maxProcesses: 32,
    keepsEarly,
    endsBehind: false,
    lost: undefined,
    async start(command, options = {}) {
      const { argv, first } = await plan(command, options)
      const process = await spawned(host, argv)
      running.add(process)
      void process.ended.then(() => running.delete(process))
      if (first !== undefined) process.stdin.write(first)
      return process
    },
    close() {
      for (const process of running) process.close()
      return Promise.resolve()
    },
  }
}

/** Starts a program here, in a process group of its own: Ctrl-C at the controller's terminal is the controller's to handle. */
export async function spawned(host: string, argv: readonly string[]): Promise<HostProcess> {
  const [file = '', ...args] = argv
  const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], detached: true })
  child.on('error', () => {
    // It was not started, which is reported below; or we may not kill it, as with sudo, and it ends with its input.
  })
  const exited = endOf(child, 'exit')
  const ended = endOf(child, 'close')
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new HostwrightError(`${quote(file)} cannot be started here: ${error.code ?? error.message}`, {
          kind: 'unreachable',
          host,
          next: error.code === 'ENOENT' ? `install ${file}, or correct the PATH` : 'check its permissions',
          cause: error,
        }),
      ),
    )
  })
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stderr: child.stderr,
    exited,
    ended,
    close() {
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy()
      // Every program of ours ends at the end of its input; one that does not is sent a signal.
      const told = setTimeout(() => child.kill('SIGTERM'), 2000).unref()
      child.once('exit', () => clearTimeout(told))
      child.unref()
    },
  }
}

function endOf(child: ChildProcess, event: 'exit' | 'close'): Promise<ProcessEnd> {
  return new Promise((resolve) => {
    child.once('error', () => resolve({ status: undefined, signal: undefined }))
    child.once(event, (status: number | null, signal: string | null) =>
      resolve({ status: status ?? undefined, signal: signal ?? undefined }),
    )
  })
}

async function onPath(name: string): Promise<string | undefined> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, name)
    const found = await access(path, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (found) return path
  }
  return undefined
}
