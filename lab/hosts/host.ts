import { spawn } from 'node:child_process'
import { existsSync, mkdirSync, openSync, closeSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Build } from '../image/build.ts'
import { cgroupsOf, endAll, processesIn } from './cgroup.ts'
import { isMissing, lastLines, LabError, sh } from '../command.ts'
import type { Lab } from '../lab.ts'
import { isLight } from '../names.ts'
import { packageFolder } from '../project/folders.ts'
import { netnsOf } from './network.ts'

export const hostFolder = (lab: Lab, host: string): string => join(lab.folder, 'hosts', host)
export const upperOf = (lab: Lab, host: string): string => join(hostFolder(lab, host), 'upper')

export const isRunning = (lab: Lab, host: string): boolean => processesIn(cgroupsOf(lab, host)).length > 0

/**
 * Powers a host on; its layer, network and identity are there already. The boot script gets a session of its own, so
 * that the host outlives this command.
 */
export function boot(lab: Lab, host: string, { layers, archive }: Build): void {
  const folder = hostFolder(lab, host)
  for (const name of ['upper', 'work', 'merged']) mkdirSync(join(folder, name), { recursive: true })
  const log = openSync(join(folder, 'console.log'), 'a')
  const script = join(packageFolder, 'lab', 'hosts', isLight(host) ? 'boot-light.sh' : 'boot.sh')
  const args = [script, host, folder, layers, archive, netnsOf(lab, host), ...cgroupsOf(lab, host)]
  const child = spawn('unshare', ['--mount', '--propagation', 'slave', 'bash', ...args], {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log, log],
    env: { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C.UTF-8' },
  })
  child.unref()
  closeSync(log)
}

/** The host's own process 1, as this machine numbers it. */
export function leaderOf(lab: Lab, host: string): number {
  try {
    const parent = readFileSync(join(hostFolder(lab, host), 'parent.pid'), 'utf8').trim()
    const [child] = readFileSync(`/proc/${parent}/task/${parent}/children`, 'utf8').trim().split(' ')
    const pid = Number(child)
    if (pid > 0 && isRunning(lab, host)) return pid
  } catch (error) {
    if (!isMissing(error)) throw error
  }
  throw new LabError(`${host} is not running.`, `Start it: npx hostwright lab start ${host}`)
}

/** systemd(1): these real-time signals begin a power off and a reboot. */
const firstRealTime = 34
export const powerOffSignal = firstRealTime + 4
export const rebootSignal = firstRealTime + 5

/** A clean power off, as a pressed power button would bring. */
export async function shutDown(lab: Lab, host: string, seconds = 100): Promise<void> {
  if (!isRunning(lab, host)) return
  process.kill(leaderOf(lab, host), powerOffSignal)
  const limit = Date.now() + seconds * 1000
  while (isRunning(lab, host)) {
    if (Date.now() > limit) {
      throw new LabError(
        `${host} did not power off within ${seconds} s:\n${consoleTail(lab, host)}`,
        `End it: npx hostwright lab kill ${host}`,
      )
    }
    await sleep(25)
  }
  await endAll(cgroupsOf(lab, host))
}

export function consoleTail(lab: Lab, host: string): string {
  const file = join(hostFolder(lab, host), 'console.log')
  return existsSync(file) ? lastLines(readFileSync(file, 'utf8')) : ''
}

/** Runs a script as root on the host's console: works without network and without sshd. */
export const onConsole = (lab: Lab, host: string, script: string, input = ''): Promise<string> =>
  sh(`run a command on ${host}'s console`, { input })`
    nsenter --target ${leaderOf(lab, host)} --mount --uts --ipc --net --pid env -i \
      PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LANG=C.UTF-8 sh -c ${script}`

/** Throws away everything the host has written. */
export const discard = (lab: Lab, host: string): Promise<string> =>
  sh(`throw away ${host}'s changes`)`rm -rf --one-file-system ${hostFolder(lab, host)}`
