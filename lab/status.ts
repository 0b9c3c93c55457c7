import { isRunning } from './hosts/host.ts'
import type { Lab } from './lab.ts'
import { addressIn, allHosts } from './hosts/roster.ts'
import { readState } from './state.ts'

export type HostStatus = {
  readonly host: string
  readonly address: string
  readonly running: boolean
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
  if (hosts.length === 0) return 'The lab is down. Start it: npm run lab -- up'
  const title = `Debian ${lab.release}, system ${lab.system}, lab ${lab.id}`
  return [title, ...hosts.map(line)].join('\n')
}
