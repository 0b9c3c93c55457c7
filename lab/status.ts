import { isRunning } from './hosts/host.ts'
import type { Lab } from './lab.ts'
import { addressIn, allHosts } from './hosts/roster.ts'
import { readState } from './state.ts'

/** How a host of the lab is. */
export type HostStatus = {
  /** Its name. */
  readonly host: string
  /** Its address on the lab's network. */
  readonly address: string
  /** Whether it is powered on. */
  readonly running: boolean
  /** Whether its network cable is pulled. */
  readonly cut: boolean
  /** Hosts it cannot reach. */
  readonly apart: readonly string[]
}

export function status(lab: Lab): readonly HostStatus[] {
  const state = readState(lab.folder)
  return allHosts(lab).map((host) => ({
    host,
    address: addressIn(lab, host),
    running: isRunning(lab, host),
    cut: state.cut.includes(host),
    apart: state.apart.flatMap(([one, other]) => (one === host ? [other] : other === host ? [one] : [])),
  }))
}

const line = ({ host, address, running, cut, apart }: HostStatus): string =>
  [
    host.padEnd(12),
    address.padEnd(12),
    running ? 'up' : 'off',
    ...(cut ? ['cable out'] : []),
    ...(apart.length > 0 ? [`parted from ${apart.join(', ')}`] : []),
  ].join('  ')

export function statusText(lab: Lab): string {
  const hosts = status(lab)
  if (hosts.length === 0) return 'The lab is down. Start it: npx hostwright lab up'
  const system = lab.system === 'project' ? `hosts of ${lab.settings.file}` : `system ${lab.system}`
  const title = `Debian ${lab.release}, ${system}, lab ${lab.id}`
  return [title, ...hosts.map(line)].join('\n')
}
