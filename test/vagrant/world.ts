/** A place for Vagrant and its LXC machines: a network that leads nowhere, folders of its own, nothing left when it is closed. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { sh } from '../../lab/command.ts'
import { withLock } from '../../lab/lock.ts'
import { installPrograms } from '../run/programs.ts'
import { run, type Ended } from '../support/run.ts'
import { makeBox } from './box.ts'

const enter = fileURLToPath(new URL('enter.sh', import.meta.url))
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** The networks of inventory/systems/, each with this machine at its first address. */
const gateways = [56, 57, 58, 59].map((net) => `192.168.${net}.1/24`)

const defaults = (packages: string) => `lxc.net.0.type = veth
lxc.net.0.link = br0
lxc.net.0.flags = up
lxc.apparmor.profile = unconfined
lxc.mount.entry = ${packages} srv/apt none bind,ro 0 0
`

export interface World {
  readonly folder: string
  /** Runs Vagrant in a folder. */
  readonly vagrant: (
    cwd: string,
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ) => Promise<Ended & { readonly seconds: number }>
  /** Runs anything where the machines are. */
  readonly inside: (cwd: string, argv: readonly string[]) => Promise<Ended>
  readonly close: () => Promise<void>
}

const programs = {
  '/usr/bin/vagrant': 'vagrant',
  '/usr/share/doc/vagrant-lxc': 'vagrant-lxc',
  '/usr/share/doc/vagrant-libvirt': 'vagrant-libvirt',
  '/usr/bin/lxc-start': 'lxc',
  '/usr/sbin/dnsmasq': 'dnsmasq-base',
  '/usr/sbin/brctl': 'bridge-utils',
}

/** What all worlds of this machine share; two that open at once take turns. */
const prepare = (cache: string) =>
  withLock(
    join(cache, 'lock'),
    () => console.log('Another test prepares Vagrant: waiting for it …'),
    () => {
      installPrograms(programs)
      return makeBox(cache, (line) => console.log(line))
    },
  )

export async function openWorld(name: string): Promise<World> {
  const cache = '/var/cache/hostwright-vagrant'
  mkdirSync(cache, { recursive: true })
  const { file, packages } = await prepare(cache)
  const world = `${name}-${createHash('sha256').update(root).digest('hex').slice(0, 6)}`
  const netns = `hw-vagrant-${world}`
  const folder = `/var/lib/hostwright-vagrant-${world}`
  const lxc = join(folder, 'lxc')
  const inside = (cwd: string, argv: readonly string[], env: Readonly<Record<string, string>> = {}) =>
    run(cwd, 'env', [
      `VAGRANT_HOME=${join(folder, 'home')}`,
      'VAGRANT_DEFAULT_PROVIDER=lxc',
      'VAGRANT_CHECKPOINT_DISABLE=1',
      ...Object.entries(env).map(([variable, value]) => `${variable}=${value}`),
      ...['nsenter', `--net=/run/netns/${netns}`, 'unshare', '--mount', '--propagation', 'private'],
      ...['sh', enter, lxc],
      ...argv,
    ])
  const close = async () => {
    const containers = join(lxc, 'containers')
    for (const container of existsSync(containers) ? readdirSync(containers) : [])
      await inside('/', ['lxc-destroy', '--force', '--name', container])
    await sh('take the network away')`if [ -e /run/netns/${netns} ]; then ip netns del ${netns}; fi`
    rmSync(folder, { recursive: true, force: true })
  }
  // What a test that was cut off left behind.
  await close()
  for (const part of ['containers', 'cgroup']) mkdirSync(join(lxc, part), { recursive: true })
  writeFileSync(join(lxc, 'default.conf'), defaults(packages))
  const addresses = gateways.map((gateway) => `ip -n ${netns} addr add ${gateway} dev br0`).join('\n')
  await sh('make the network')`bash -euc ${`
    ip netns add ${netns}
    ip -n ${netns} link set lo up
    ip -n ${netns} link add br0 type bridge
    ${addresses}
    ip -n ${netns} link set br0 up`}`
  try {
    const added = await inside('/', ['vagrant', 'box', 'add', '--name', 'debian/bookworm64', '--provider', 'lxc', file])
    if (added.status !== 0) throw new Error(`vagrant box add: ${added.text}`)
  } catch (error) {
    await close()
    throw error
  }
  return {
    folder,
    inside,
    vagrant: async (cwd, args, env) => {
      const start = performance.now()
      const ended = await inside(cwd, ['vagrant', ...args], env)
      return { ...ended, seconds: (performance.now() - start) / 1000 }
    },
    close,
  }
}

/** What a clone of this checkout would hold, with what is not committed yet. */
export async function freshClone(folder: string): Promise<string> {
  const clone = join(folder, 'clone')
  mkdirSync(clone)
  await sh(
    'copy the checkout',
  )`cd ${root}; git ls-files -co --exclude-standard -z | tar --null -T - -cf - --ignore-failed-read | tar -C ${clone} -xf -`
  return clone
}
