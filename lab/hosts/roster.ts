import { LabError } from '../command.ts'
import type { Lab } from '../lab.ts'
import { addressOf, firstLight } from './network.ts'
import { isLight } from '../names.ts'
import { readState } from '../state.ts'

export const lightName = (index: number): string => `light${index + 1}`

/** The hosts a lab has made, running or not: the whole ones, then the light ones. */
export const wholeHosts = (lab: Lab): readonly string[] => Object.keys(readState(lab.folder).hosts)
export const lightHosts = (lab: Lab): readonly string[] =>
  Array.from({ length: readState(lab.folder).lights }, (_, index) => lightName(index))
export const allHosts = (lab: Lab): readonly string[] => [...wholeHosts(lab), ...lightHosts(lab)]

/** A host's number, from which its address follows. */
export function numberOf(lab: Lab, host: string): number {
  const { hosts, lights } = readState(lab.folder)
  const number = hosts[host]
  if (number !== undefined) return number
  const index = isLight(host) ? Number(host.slice('light'.length)) - 1 : -1
  if (index >= 0 && index < lights) return firstLight + index
  const known = Object.keys(hosts).join(', ') || 'none'
  throw new LabError(`The lab has no host "${host}" (it has: ${known}).`, `Make it: npx hostwright lab up ${host}`)
}

export const addressIn = (lab: Lab, host: string): string => addressOf(numberOf(lab, host))

export const addresses = (lab: Lab, hosts: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(hosts.map((host) => [host, addressIn(lab, host)]))
