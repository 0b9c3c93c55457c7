import { existsSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { LabError, sh } from '../command.ts'
import type { Lab } from '../lab.ts'

/** Where processes can be grouped: version 2 alone, or version 2 beside systemd's own version 1 hierarchy. */
function hierarchies(): readonly string[] {
  const top = '/sys/fs/cgroup'
  if (existsSync(join(top, 'cgroup.procs'))) return [top]
  const both = ['unified', 'systemd']
    .map((name) => join(top, name))
    .filter((path) => existsSync(join(path, 'cgroup.procs')))
  if (both.length > 0) return both
  throw new LabError('No cgroups are mounted here.', 'Mount them: mount -t cgroup2 cgroup2 /sys/fs/cgroup')
}

const parent = 'hostwright-lab'

/** The cgroups of a host, or those of the whole lab. */
export const cgroupsOf = (lab: Lab, host?: string): readonly string[] =>
  hierarchies().map((top) => join(top, parent, lab.id, host ?? ''))

/** The groups below this one, and itself. Groups of a running host come and go, so one may be gone when it is read. */
function under(group: string): readonly string[] {
  const below = ifThere(() => readdirSync(group, { withFileTypes: true }))
  if (below === undefined) return []
  return [...below.filter((e) => e.isDirectory()).flatMap((e) => under(join(group, e.name))), group]
}

const gone = new Set(['ENOENT', 'ENODEV'])

/** What `use` returns, or undefined where the group went away in the meantime. */
function ifThere<T>(use: () => T): T | undefined {
  try {
    return use()
  } catch (error) {
    if (error instanceof Error && 'code' in error && gone.has(String(error.code))) return undefined
    throw error
  }
}

/** Every process in a cgroup or below it. */
export function processesIn(groups: readonly string[]): readonly number[] {
  const pids = groups
    .flatMap(under)
    .flatMap((group) => ifThere(() => readFileSync(join(group, 'cgroup.procs'), 'utf8')) ?? '')
    .flatMap((list) => list.split('\n').filter(Boolean).map(Number))
  return [...new Set(pids)]
}

/** Ends every process in these cgroups at once, as a power cut would, and removes the groups. */
export async function endAll(groups: readonly string[]): Promise<void> {
  const limit = Date.now() + 10_000
  for (let pids = processesIn(groups); pids.length > 0; pids = processesIn(groups)) {
    if (Date.now() > limit)
      throw new LabError(`Processes ${pids.join(' ')} cannot be ended.`, 'They may wait for a disk.')
    killGroups(groups)
    for (const pid of pids) killProcess(pid)
    await sleep(10)
  }
  await removeEmpty(groups)
}

/** A group that has just lost its last process may still be busy for a moment. */
async function removeEmpty(groups: readonly string[]): Promise<void> {
  const limit = Date.now() + 5_000
  for (let left = groups.flatMap(under); left.length > 0; left = groups.flatMap(under)) {
    if (Date.now() > limit)
      throw new LabError(`The cgroups ${left.join(' ')} cannot be removed.`, 'A process may still be in one of them.')
    await sh('remove cgroups')`rmdir ${left} 2>/dev/null || sleep 0.1`
  }
}

/** The last lab to go takes the common parent along. */
export function removeParent(): void {
  for (const top of hierarchies()) {
    try {
      rmdirSync(join(top, parent))
    } catch {
      // Another lab is still in it, or there was none.
    }
  }
}

function killGroups(groups: readonly string[]): void {
  for (const group of groups) {
    const file = join(group, 'cgroup.kill')
    ifThere(() => {
      if (existsSync(file)) writeFileSync(file, '1')
    })
  }
}

function killProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It has ended by itself.
  }
}
