import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openLab, type OpenLab } from '../../lab/index.ts'
import { lightInventory } from '../../lab/inventory.ts'
import { hostKeyFile, keyFile, knownHostsFile } from '../../lab/hosts/keys.ts'
import { templateVars } from '../work/task.ts'
import { firstHosts, relayed, withoutProxy, withVars } from './inventory.ts'

/** The three hosts of site.ts. */
export const siteHosts = ['pg1', 'pg2', 'backup1'] as const

/** Where and how to log in, as the hand-written scripts need it. */
export interface Login {
  readonly user: string
  readonly options: readonly string[]
}

/** Hosts as the controller sees them. */
export interface Way {
  readonly inventory: string
  readonly login: Login
}

/** The benchmark's own lab. Debian 12, because the Ansible of this machine's Debian cannot work with the Python of a newer one. */
export function openHosts(folder: string, say: (line: string) => void) {
  const lab: OpenLab = openLab({ id: 'bench', release: '12', say })
  const python = { ansible_python_interpreter: '/usr/bin/python3' }
  let lights = 0
  return {
    lab,
    /** What was brought about on hosts of this lab: the kind of workload and the host → how many tasks. */
    brought: new Map<string, number>(),
    /** Words before a command that put it onto the lab's network. */
    inside: lab.inside,
    login: loginWith(knownHostsFile(lab)),
    /** At least so many light hosts, able to answer for their services. */
    async light(count: number): Promise<void> {
      if (count <= lights) return
      await lab.light(count)
      const names = Array.from({ length: count - lights }, (_, i) => `light${lights + i + 1}`)
      lights = count
      const input = readFileSync(new URL('systemctl.sh', import.meta.url), 'utf8')
      const place = 'sudo sh -c "cat >/usr/local/bin/systemctl; chmod 0755 /usr/local/bin/systemctl"'
      for (let i = 0; i < names.length; i += 20)
        await Promise.all(names.slice(i, i + 20).map((name) => lab.ssh(name, place, { input })))
    },
    /** Names of so many packages that every light host has. */
    async somePackages(count: number): Promise<readonly string[]> {
      const { stdout } = await lab.ssh('light1', "dpkg-query -W -f '${db:Status-Status} ${Package}\\n'")
      const installed = [...stdout.matchAll(/^installed (.+)$/gm)].map(([, name = '']) => name)
      if (installed.length < count) throw new Error(`the lab's hosts have ${installed.length} packages only`)
      return installed.slice(0, count)
    },
    /** An inventory of the first so many light hosts; gives its path. */
    lightInventory(count: number): string {
      const text = withVars(withoutProxy(lightInventory(lab)), { ...python, ...templateVars })
      return write(`light-${count}.ini`, firstHosts(text, count))
    },
    /** Hosts of site.ts as after their first boot. */
    async freshSite(): Promise<void> {
      await (lab.isRunning(siteHosts[0]) ? lab.reset(siteHosts) : lab.up(siteHosts))
      await Promise.all(
        siteHosts.map((host) => lab.ssh(host, 'systemctl is-system-running --wait', { allowFailure: true })),
      )
    },
    siteInventory: () => write('site.ini', withVars(withoutProxy(lab.inventory()), python)),
    /** The first light hosts, reached by ports of another address. */
    lightThrough(address: string, ports: Readonly<Record<string, number>>): Way {
      const key = readFileSync(`${hostKeyFile(lab, 'light1')}.pub`, 'utf8')
        .split(' ')
        .slice(0, 2)
        .join(' ')
      const lines = Object.values(ports).map((port) => `[${address}]:${port} ${key}\n`)
      const known = write('known_hosts', lines.join(''))
      const straight = readFileSync(this.lightInventory(Object.keys(ports).length), 'utf8')
      return { inventory: write('relayed.ini', relayed(straight, address, ports, known)), login: loginWith(known) }
    },
    down: () => lab.down(),
  }

  function loginWith(knownHosts: string): Login {
    const options = [
      ...['-F', '/dev/null', '-i', keyFile(lab), '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'],
      ...['-o', `UserKnownHostsFile=${knownHosts}`, '-o', 'StrictHostKeyChecking=yes'],
    ]
    return { user: 'admin', options }
  }

  function write(name: string, text: string): string {
    const path = join(folder, name)
    writeFileSync(path, text, { mode: 0o600 })
    return path
  }
}

export type Hosts = ReturnType<typeof openHosts>
