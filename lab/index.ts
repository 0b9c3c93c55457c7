import { existsSync } from 'node:fs'
import { build } from './image/build.ts'
import { LabError } from './command.ts'
import { cut, heal, join, part } from './hosts/faults.ts'
import { isRunning, leaderOf, onConsole } from './hosts/host.ts'
import { inventory } from './inventory.ts'
import { describeLab, type LabOptions } from './lab.ts'
import { down, exclusively, light, reboot, reset, start, up } from './lifecycle.ts'
import { handOver, interactive, login, type LoginOptions } from './hosts/login.ts'
import { netnsFile, switchOf } from './hosts/network.ts'
import { powerCut, powerOff } from './hosts/power.ts'
import { addressIn, allHosts } from './hosts/roster.ts'
import { status } from './status.ts'

export { LabError } from './command.ts'
export type { Lab, LabOptions } from './lab.ts'
export type { LoginOptions, Said } from './hosts/login.ts'
export type { HostStatus } from './status.ts'

/**
 * A lab of real Debian hosts on this machine. Opening touches nothing.
 *
 *     const lab = openLab({ id: 'mytest', release: '13', system: 'replication' })
 *     await lab.up(['pg1'])
 *     const { stdout } = await lab.ssh('pg1', 'hostname')
 *     await lab.down()
 */
export function openLab(options: LabOptions = {}) {
  const lab = describeLab(options)
  const change = (work: (host: string) => Promise<void>) => (host: string) => exclusively(lab, () => work(host))
  const changeTwo = (work: typeof part) => (one: string, other: string) => exclusively(lab, () => work(lab, one, other))
  return {
    ...lab,
    build: () => build(lab.release, lab.say),
    /** All hosts of the system, if none is named. Hosts that run already stay as they are. */
    up: (hosts: readonly string[] = []) => up(lab, hosts),
    /** So many light hosts: sshd only. */
    light: (count: number) => light(lab, count),
    /** Throws the changes of these hosts, or of all, away and boots them clean. */
    reset: (hosts: readonly string[] = []) => reset(lab, hosts),
    down: () => down(lab),
    status: () => status(lab),
    /** The text of an Ansible inventory; `up` has written it to `inventoryFile`. */
    inventory: () => inventory(lab),
    hosts: () => allHosts(lab),
    address: (host: string) => addressIn(lab, host),
    isRunning: (host: string) => isRunning(lab, host),
    /** A power cut. */
    kill: change((host) => powerCut(lab, host)),
    start: change((host) => start(lab, host)),
    /** A clean power off. */
    stop: change((host) => powerOff(lab, host)),
    reboot: change((host) => reboot(lab, host)),
    /** Pulls the network cable. */
    cut: change((host) => cut(lab, host)),
    heal: change((host) => heal(lab, host)),
    /** Two hosts no longer reach each other. */
    part: changeTwo(part),
    join: changeTwo(join),
    /** Runs a command by ssh, as admin unless told otherwise; throws when it fails unless told otherwise. */
    ssh: (host: string, command: string, how?: LoginOptions) => login(lab, addressIn(lab, host), command, how),
    /** The same on the terminal; gives the exit status. */
    shell: (host: string, command: readonly string[] = []) => interactive(lab, addressIn(lab, host), command),
    /** Runs a script as root without network or ssh; gives its output. */
    console: (host: string, script: string, input?: string) => onConsole(lab, host, script, input),
    /** The host's process 1, as this machine numbers it. */
    leader: (host: string) => leaderOf(lab, host),
    /** Put these words before a command to run it where the controller is: on the lab's network. */
    inside: [`nsenter`, `--net=${netnsFile(switchOf(lab))}`] as const,
    /** Runs a program there, on the terminal; gives its exit status. */
    exec: ([program, ...args]: readonly string[]) => {
      if (program === undefined) throw new LabError('Nothing to run.', 'Usage: npm run lab -- exec COMMAND…')
      if (!existsSync(netnsFile(switchOf(lab)))) throw new LabError('The lab is down.', 'Start it: npm run lab -- up')
      return handOver('nsenter', [`--net=${netnsFile(switchOf(lab))}`, program, ...args])
    },
  }
}

export type OpenLab = ReturnType<typeof openLab>
