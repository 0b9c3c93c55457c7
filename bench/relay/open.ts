import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const program = fileURLToPath(new URL('relay.ts', import.meta.url))

/** The controller's address on the lab's network. */
export const relayAddress = '10.77.0.1'

export interface Relay {
  readonly ports: Readonly<Record<string, number>>
  /** When the first byte of the latest connection came, in seconds since the epoch. */
  readonly takeFirst: () => number | undefined
  readonly close: () => Promise<void>
}

/** Starts a relay on the lab's network to these hosts, with a port for each. */
export async function openRelay(
  inside: readonly string[],
  rtt: number,
  hosts: readonly { readonly name: string; readonly address: string }[],
): Promise<Relay> {
  const [enter = '', ...words] = inside
  const targets = hosts.map(({ name, address }) => `${name}=${address}:22`)
  const args = [...words, process.execPath, '--import', 'tsx', program, relayAddress, String(rtt), ...targets]
  const child = spawn(enter, args, { cwd: dirname(program), stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout })
  const firsts: number[] = []
  const ports = await new Promise<Relay['ports']>((resolve, reject) => {
    child.on('exit', (code) => reject(new Error(`the relay ended with status ${code ?? 'of a signal'}`)))
    lines.on('line', (line) => {
      const told = JSON.parse(line) as { readonly ports: Relay['ports'] } | { readonly at: number }
      if ('ports' in told) resolve(told.ports)
      else firsts.push(told.at)
    })
  })
  return {
    ports,
    takeFirst: () => firsts.splice(0)[0],
    close: async () => {
      if (child.exitCode !== null) return
      const gone = once(child, 'exit')
      child.kill()
      await gone
    },
  }
}
