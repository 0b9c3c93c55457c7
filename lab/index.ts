import { existsSync } from 'node:fs'
import { build } from './image/build.ts'
import { LabError } from './command.ts'
import { cut, heal, join, part } from './hosts/faults.ts'
import { isRunning, leaderOf, onConsole } from './hosts/host.ts'
import { inventory } from './inventory.ts'
import { describeLab, type LabOptions } from './lab.ts'
import { down, exclusively, light, reboot, reset, start, up } from './lifecycle.ts'
import { handOver, interactive, login } from './hosts/login.ts'
import { netnsFile, switchOf } from './hosts/network.ts'
import type { OpenLab } from './open-lab.ts'
import { powerCut, powerOff } from './hosts/power.ts'
import { addressIn, allHosts } from './hosts/roster.ts'
import { status } from './status.ts'

export { LabError } from './command.ts'
export type { Build } from './image/build.ts'
export type { Release } from './image/release.ts'
export type { Lab, LabOptions } from './lab.ts'
export type { LoginOptions, Said } from './hosts/login.ts'
export type { OpenLab } from './open-lab.ts'
export type { LabSettings } from './project/settings.ts'
export type { HostStatus } from './status.ts'
export type { System, SystemName } from './systems.ts'

/**
 * Opens the lab of a project: real Debian hosts on this machine. Opening changes nothing; `up` starts the hosts, and
 * `run` of `hostwright` takes `inventoryFile` as its inventory.
 *
 * @param options - which lab; the default lab of the project in the current folder by default.
 * @throws LabError when no package.json is found, when its `"hostwright": { "lab": … }` is wrong, or when an option is.
 * @example
 * import { openLab } from 'hostwright/lab'
 *
 * const lab = openLab({ id: 'mytest', release: '13', say: console.error })
 * await lab.up()
 * const { stdout } = await lab.ssh('web1', 'hostname')
 * await lab.down()
 */
export function openLab(options: LabOptions = {}): OpenLab {
  const lab = describeLab(options)
  const change = (work: (host: string) => Promise<void>) => (host: string) => exclusively(lab, () => work(host))
  const changeTwo = (work: typeof part) => (one: string, other: string) => exclusively(lab, () => work(lab, one, other))
  return {
    ...lab,
    build: () => build(lab.release, lab, lab.settings.packages),
    up: (hosts = []) => up(lab, hosts),
    light: (count) => light(lab, count),
    reset: (hosts = []) => reset(lab, hosts),
    down: () => down(lab),
    status: () => status(lab),
    inventory: () => inventory(lab),
    hosts: () => allHosts(lab),
    address: (host) => addressIn(lab, host),
    isRunning: (host) => isRunning(lab, host),
    kill: change((host) => powerCut(lab, host)),
    start: change((host) => start(lab, host)),
    stop: change((host) => powerOff(lab, host)),
    reboot: change((host) => reboot(lab, host)),
    cut: change((host) => cut(lab, host)),
    heal: change((host) => heal(lab, host)),
    part: changeTwo(part),
    join: changeTwo(join),
    ssh: (host, command, how) => login(lab, addressIn(lab, host), command, how),
    shell: (host, command = []) => interactive(lab, addressIn(lab, host), command),
    console: (host, script, input) => onConsole(lab, host, script, input),
    leader: (host) => leaderOf(lab, host),
    inside: ['nsenter', `--net=${netnsFile(switchOf(lab))}`],
    exec: async ([program, ...args]) => {
      if (program === undefined) throw new LabError('Nothing to run.', 'Usage: npx hostwright lab exec COMMAND…')
      if (!existsSync(netnsFile(switchOf(lab))))
        throw new LabError('The lab is down.', 'Start it: npx hostwright lab up')
      return handOver('nsenter', [`--net=${netnsFile(switchOf(lab))}`, program, ...args])
    },
  }
}
