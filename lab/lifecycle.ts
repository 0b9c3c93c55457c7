import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build, buildMade, type Build } from './image/build.ts'
import { cgroupsOf, endAll, removeParent } from './hosts/cgroup.ts'
import { LabError, sh } from './command.ts'
import { forgetFaults } from './hosts/faults.ts'
import { isRunning, onConsole } from './hosts/host.ts'
import { inventory, lightInventory, lightInventoryFile, writeInventory } from './inventory.ts'
import type { Lab } from './lab.ts'
import { withLock } from './lock.ts'
import { needKernel, needPrograms, needRoot } from './machine.ts'
import { isLight, isName, nameRule } from './names.ts'
import { firstHost, namespacesOf } from './hosts/network.ts'
import { powerOn, restart, wipe } from './hosts/power.ts'
import { addressIn, allHosts, lightHosts, lightName, numberOf, wholeHosts } from './hosts/roster.ts'
import { changeState, emptyState, readState, writeState } from './state.ts'

/** One command at a time changes a lab. */
export const exclusively = <T>(lab: Lab, work: () => Promise<T>): Promise<T> =>
  withLock(join(lab.folder, 'lock'), () => lab.say('Another command is changing this lab: waiting for it …'), work)

/** Gives new hosts a number: those of the system their place in it, others what is free after those. */
function enlist(lab: Lab, names: readonly string[]): readonly string[] {
  const { hosts } = readState(lab.folder)
  const planned = lab.plan.hosts
  const added = names.filter((name) => hosts[name] === undefined)
  const numbers: Record<string, number> = { ...hosts }
  for (const name of added) {
    if (isLight(name) || !isName(name)) throw new LabError(`"${name}" cannot name a host.`, nameRule)
    const place = planned.indexOf(name)
    const taken = Object.values(numbers)
    let number = firstHost + (place >= 0 ? place : planned.length)
    while (taken.includes(number)) number += 1
    if (number > 250) throw new LabError('A lab holds 240 hosts at most.')
    numbers[name] = number
  }
  changeState(lab.folder, (state) => ({ ...state, hosts: numbers }))
  return added
}

/** Hosts that were there before get to know the new ones by name. */
async function introduce(lab: Lab, added: readonly string[]): Promise<void> {
  const lines = added.map((name) => `${addressIn(lab, name)} ${name}\n`).join('')
  const others = wholeHosts(lab).filter((name) => !added.includes(name) && isRunning(lab, name))
  if (lines !== '') await Promise.all(others.map((name) => onConsole(lab, name, 'cat >>/etc/hosts', lines)))
}

const hasHosts = (lab: Lab): boolean => {
  const { hosts, lights } = readState(lab.folder)
  return Object.keys(hosts).length + lights > 0
}

const next = 'Throw its hosts away first: npx hostwright lab down'

/** Other packages or another release in package.json do not reach hosts that are there. An error says so, before anybody relies on them. */
function refuseChanged(lab: Lab): void {
  const { packages, release, file } = lab.settings
  const { asked = { packages: [] } } = readState(lab.folder)
  const same = asked.release === release && asked.packages.join() === packages.join()
  if (same || !hasHosts(lab)) return
  throw new LabError(`The packages or the release in ${file} have changed since this lab's hosts were made.`, next)
}

/** The build that hosts are to run on. A layer fits only the base it was written over, so a lab stays on its build. */
async function settle(lab: Lab): Promise<Build> {
  const { release, build: key } = readState(lab.folder)
  if (hasHosts(lab)) {
    if (release !== lab.release) throw new LabError(`This lab runs Debian ${release}, not ${lab.release}.`, next)
    const old = buildMade(key)
    if (old === undefined) throw new LabError(`The build this lab was made from (${key}) is gone.`, next)
    return old
  }
  const built = await build(lab.release, lab, lab.settings.packages)
  const { release: said, packages } = lab.settings
  const made = { release: lab.release, system: lab.system, build: built.key, asked: { release: said, packages } }
  changeState(lab.folder, (state) => ({ ...state, ...made }))
  return built
}

/** The first step of every command that starts hosts. */
async function prepare(lab: Lab): Promise<void> {
  await needPrograms('run', lab)
  await needKernel(lab.say)
}

/** Makes sure that these hosts (all of the system's, if none is named) run and can be logged into. */
export async function up(lab: Lab, names: readonly string[] = []): Promise<void> {
  await prepare(lab)
  const wanted = names.length > 0 ? names : lab.plan.hosts
  await exclusively(lab, async () => {
    refuseChanged(lab)
    const built = await settle(lab)
    const added = enlist(lab, wanted)
    const off = wanted.filter((host) => !isRunning(lab, host))
    await introduce(lab, added)
    await powerOn(lab, off, built)
    writeInventory(lab.inventoryFile, inventory(lab))
    const already = wanted.filter((host) => !off.includes(host))
    if (off.length > 0) lab.say(`Up: ${off.join(' ')} (Debian ${lab.release})`)
    if (already.length > 0) lab.say(`Up already: ${already.join(' ')}`)
    lab.say(`Inventory: ${lab.inventoryFile}`)
  })
}

/** Powers a host on, over what it has written before. */
export async function start(lab: Lab, host: string): Promise<void> {
  await prepare(lab)
  numberOf(lab, host)
  const built = await settle(lab)
  if (!isRunning(lab, host)) await powerOn(lab, [host], built)
}

export const reboot = async (lab: Lab, host: string): Promise<void> => restart(lab, host, await settle(lab))

/** Makes sure that so many light hosts run, and no more. */
export async function light(lab: Lab, count: number): Promise<void> {
  if (!Number.isInteger(count) || count < 0 || count > 500) throw new LabError('A lab holds 0 to 500 light hosts.')
  await prepare(lab)
  await exclusively(lab, async () => {
    const built = await settle(lab)
    await Promise.all(
      lightHosts(lab)
        .slice(count)
        .map((host) => wipe(lab, host)),
    )
    changeState(lab.folder, (state) => ({ ...state, lights: count }))
    const off = lightHosts(lab).filter((host) => !isRunning(lab, host))
    await powerOn(lab, off, built)
    writeInventory(lightInventoryFile(lab), lightInventory(lab))
    lab.say(`Light hosts: ${count === 0 ? 'none' : `${lightName(0)} to ${lightName(count - 1)}`}`)
    lab.say(`Inventory: ${lightInventoryFile(lab)}`)
  })
}

/** Throws the changes of these hosts (all of them, if none is named) away and boots them clean. */
export async function reset(lab: Lab, names: readonly string[] = []): Promise<void> {
  needRoot()
  const all = allHosts(lab)
  if (names.length === 0 && all.length === 0) return up(lab)
  await prepare(lab)
  await exclusively(lab, async () => {
    const wanted = names.length > 0 ? names : all
    for (const host of wanted) numberOf(lab, host)
    await Promise.all(wanted.map((host) => wipe(lab, host)))
    forgetFaults(lab, wanted)
    const built = await settle(lab)
    await powerOn(lab, wanted, built)
    lab.say(`Clean again: ${wanted.join(' ')}`)
  })
}

/**
 * Ends the lab and throws its hosts away. Names are looked up on the machine, not remembered, so it also clears what
 * a crash has left. Keys and passwords stay: the same lab may come again.
 */
export async function down(lab: Lab): Promise<void> {
  needRoot()
  await exclusively(lab, async () => {
    await endAll(cgroupsOf(lab))
    removeParent()
    for (const name of await namespacesOf(lab)) await sh(`remove the namespace ${name}`)`ip netns del ${name}`
    await sh("throw the hosts' layers away")`rm -rf --one-file-system ${join(lab.folder, 'hosts')}`
    if (existsSync(lab.folder)) writeState(lab.folder, emptyState)
    lab.say('The lab is down.')
  })
}
