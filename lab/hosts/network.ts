import { existsSync } from 'node:fs'
import { sh } from '../command.ts'
import type { Lab } from '../lab.ts'

/** Addresses: hosts 10.77.0.11 and on, light hosts 10.77.1.1 and on. Every lab has the same: none sees another. */
export const addressOf = (number: number): string => `10.77.${number >> 8}.${number & 255}`
export const firstHost = 11
export const firstLight = 257
const controller = '10.77.0.1'

const macOf = (number: number): string => {
  const byte = (n: number) => n.toString(16).padStart(2, '0')
  return `02:4d:00:00:${byte(number >> 8)}:${byte(number & 255)}`
}

/** The controller's place: the bridge and every host's port are in it, and no way leads out. */
export const switchOf = (lab: Lab): string => `hw-${lab.id}`
export const netnsOf = (lab: Lab, host: string): string => `hw-${lab.id}.${host}`
export const netnsFile = (name: string): string => `/run/netns/${name}`
const portOf = (number: number): string => `port${number}`

const next = 'Run `npx hostwright lab down`, then try again.'

export async function ensureSwitch(lab: Lab): Promise<void> {
  const name = switchOf(lab)
  if (existsSync(netnsFile(name))) return
  // Forwarding without a route makes the gateway answer "unreachable" at once instead of staying silent.
  await sh("make the lab's switch", { next })`
    ip netns add ${name}
    ip -n ${name} link set lo up
    ip -n ${name} link add br0 type bridge
    ip -n ${name} addr add ${controller}/16 dev br0
    ip -n ${name} link set br0 up
    ip netns exec ${name} sh -ec '
      echo 1 >/proc/sys/net/ipv4/ip_forward
      echo 0 >/proc/sys/net/ipv4/icmp_ratelimit
      echo 0 >/proc/sys/net/ipv4/conf/all/send_redirects
      echo 0 >/proc/sys/net/ipv4/conf/br0/send_redirects'
    ip -n ${name} route add unreachable default`
}

/** A host's network card and its cable. What an earlier life left behind goes first. */
export async function plug(lab: Lab, host: string, number: number): Promise<void> {
  await unplug(lab, host, number)
  const [hub, own, port] = [switchOf(lab), netnsOf(lab, host), portOf(number)]
  await sh(`connect ${host}`, { next })`
    ip netns add ${own}
    ip link add ${port} netns ${hub} type veth peer name eth0 address ${macOf(number)} netns ${own}
    ip -n ${hub} link set ${port} master br0 up
    ip -n ${own} link set lo up
    ip -n ${own} addr add ${`${addressOf(number)}/16`} dev eth0
    ip -n ${own} link set eth0 up
    ip -n ${own} route add default via ${controller}`
}

/** The port goes first and by name: a namespace frees its devices late. */
export async function unplug(lab: Lab, host: string, number: number): Promise<void> {
  const [hub, own] = [switchOf(lab), netnsOf(lab, host)]
  await sh(`disconnect ${host}`)`
    ip -n ${hub} link del ${portOf(number)} 2>/dev/null || true
    if [ -e ${netnsFile(own)} ]; then ip netns del ${own}; fi`
}

export const setCable = (lab: Lab, number: number, state: 'up' | 'down'): Promise<string> =>
  sh(`set the cable ${state}`)`ip -n ${switchOf(lab)} link set ${portOf(number)} ${state}`

/** Two hosts lose each other in silence: each sends the other's packets to a card that does not exist. */
export async function partition(lab: Lab, one: string, otherNumber: number): Promise<void> {
  const own = netnsOf(lab, one)
  await sh(`part ${one} from a host`)`
    ip -n ${own} neigh replace ${addressOf(otherNumber)} lladdr 02:4d:ff:ff:ff:ff dev eth0 nud permanent`
}

export async function rejoin(lab: Lab, one: string, otherNumber: number): Promise<void> {
  const own = netnsOf(lab, one)
  await sh(`join ${one} with a host`)`
    ip -n ${own} neigh del ${addressOf(otherNumber)} dev eth0 2>/dev/null || true`
}

/** Every namespace of this lab, also those no state file remembers. */
export const namespacesOf = async (lab: Lab): Promise<readonly string[]> => {
  const list = await sh('list network namespaces')`ip netns list`
  const names = list.split('\n').map((line) => line.split(' ')[0] ?? '')
  return names.filter((name) => name === switchOf(lab) || name.startsWith(`${switchOf(lab)}.`))
}
