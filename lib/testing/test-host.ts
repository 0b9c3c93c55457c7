import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { becomeSettings, connect, connectionSettings } from '../connection/index.ts'
import type { Become } from '../connection/connection.ts'
import { defined } from '../defined.ts'
import type { Host } from '../host/host.ts'
import { PendingEffects } from '../host/pending-effects.ts'
import { openHost } from '../host/real.ts'
import { simulateHost } from '../host/simulated.ts'

/** Which host a test acts on. */
export interface TestHostOptions {
  /** The host's inventory name, as errors show it; `localhost` by default. */
  readonly name?: string
  /**
   * The host's variables as an inventory has them: how it is reached (`ansible_connection`, `ansible_host`, …) and who acts there (`ansible_become`, …).
   * By default `{ ansible_connection: 'local' }`: the machine that runs the test, as the user who runs it.
   */
  readonly vars?: Readonly<Record<string, unknown>>
}

const local = { ansible_connection: 'local' }

/**
 * Opens a host, gives it to `use`, and closes the connection afterwards.
 *
 * @throws HostwrightError when the host cannot be reached, or a variable is wrong.
 * @example
 * await withHost(async (host) => {
 *   const { changed } = await runCall(host, lineinfile({ path: '/etc/motd', line: 'Welcome' }))
 * }, { name: 'web1', vars: { ansible_host: '10.0.0.5', ansible_become: true } })
 */
export async function withHost<T>(
  use: (host: Host) => Promise<T>,
  { name = 'localhost', vars = local }: TestHostOptions = {},
): Promise<T> {
  const connection = await connect(connectionSettings(name, vars))
  try {
    const real = await openHost(connection, becomeOf(name, vars))
    try {
      return await use(real.watchedBy(() => undefined))
    } finally {
      await real.close()
    }
  } finally {
    await connection.close()
  }
}

function becomeOf(name: string, vars: Readonly<Record<string, unknown>>): Become | undefined {
  const { become, method, user, password } = becomeSettings({ inventory_hostname: name, ...vars })
  return become ? { method, user, ...defined({ password }) } : undefined
}

/**
 * Makes a simulated host, as check mode has it. Reads see the real host. Applies change nothing there: only later reads of the simulated host see them.
 * What a command would bring is not known.
 *
 * @example
 * const simulated = simulate(host)
 * await runCall(simulated, file({ path: '/etc/app', state: 'directory' }))
 * await simulated.files.stat('/etc/app') // a directory, which `host` does not have
 */
export function simulate(host: Host): Host {
  return simulateHost(host.name, new PendingEffects()).forTask('test', host)
}

/**
 * Makes an empty folder on this machine, gives its path to `use`, and removes it afterwards.
 *
 * @example
 * await inFolder((folder) => withHost((host) => prove(host, copy({ content: 'a', dest: `${folder}/a` }))))
 */
export async function inFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-test-'))
  try {
    return await use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
