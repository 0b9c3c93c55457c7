import { existsSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Build } from '../image/build.ts'
import { cgroupsOf, endAll } from './cgroup.ts'
import { boot, discard, isRunning, leaderOf, rebootSignal, shutDown, upperOf } from './host.ts'
import { ensureIdentity } from './keys.ts'
import type { Lab } from '../lab.ts'
import { isLight } from '../names.ts'
import { waitForConsole, waitForLogin } from './login.ts'
import { ensureSwitch, netnsFile, netnsOf, plug, setCable, unplug } from './network.ts'
import { isCut, restoreFaults } from './faults.ts'
import { addressIn, addresses, allHosts, numberOf, wholeHosts } from './roster.ts'
import { seed } from './seed.ts'

/** Whom a host knows by name. A light host is one of many, and knows itself only. */
const neighbours = (lab: Lab, host: string): Readonly<Record<string, string>> =>
  addresses(lab, isLight(host) ? [host] : wholeHosts(lab))

/** A host whose cable is out cannot be logged into: its console is asked instead. */
const waitFor = (lab: Lab, host: string): Promise<void> =>
  isCut(lab, host) ? waitForConsole(lab, host) : waitForLogin(lab, host, addressIn(lab, host))

/** Powers hosts on, each over what it has written before, or over nothing; returns when all of them can be logged into. */
export async function powerOn(lab: Lab, hosts: readonly string[], built: Build): Promise<void> {
  await ensureIdentity(lab, addresses(lab, allHosts(lab)))
  await ensureSwitch(lab)
  await Promise.all(
    hosts.map(async (host) => {
      // A controller that died half-way may have left a part of an earlier life.
      await endAll(cgroupsOf(lab, host))
      const layers = { upper: upperOf(lab, host), base: built.base }
      if (!existsSync(layers.upper)) seed(lab, host, layers, neighbours(lab, host))
      await plug(lab, host, numberOf(lab, host))
      await restoreFaults(lab, host)
      boot(lab, host, built)
    }),
  )
  await Promise.all(hosts.map((host) => waitFor(lab, host)))
}

/** A power cut: no program can end in order, and from then on the host is silent. */
export async function powerCut(lab: Lab, host: string): Promise<void> {
  const number = numberOf(lab, host)
  if (existsSync(netnsFile(netnsOf(lab, host))) && isRunning(lab, host)) await setCable(lab, number, 'down')
  await endAll(cgroupsOf(lab, host))
  await unplug(lab, host, number)
}

/** A clean power off. */
export async function powerOff(lab: Lab, host: string): Promise<void> {
  if (isLight(host)) return powerCut(lab, host)
  await shutDown(lab, host)
  await unplug(lab, host, numberOf(lab, host))
}

export async function restart(lab: Lab, host: string, built: Build): Promise<void> {
  if (isLight(host)) {
    await powerCut(lab, host)
    return powerOn(lab, [host], built)
  }
  const before = leaderOf(lab, host)
  process.kill(before, rebootSignal)
  const limit = Date.now() + 100_000
  while (existsSync(`/proc/${before}`) && Date.now() < limit) await sleep(25)
  await waitFor(lab, host)
}

/** Throws a host's changes away. */
export async function wipe(lab: Lab, host: string): Promise<void> {
  await powerCut(lab, host)
  await discard(lab, host)
}
