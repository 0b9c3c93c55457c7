import type { HostwrightError } from '../../error.ts'
import { raw, sh } from '../../quote.ts'
import { inBatches } from '../batch.ts'
import type { HostShell } from '../host-shell.ts'
import { Unreadable } from '../unreadable.ts'
import type { PackageReader, PackageState, StatesOptions } from './packages.ts'
import { noDpkg, parseStates, splitSpec, statesScript } from './query.ts'

/** What dpkg-query and apt-cache tell of packages; those that are asked for together, in the same way, are one request. */
export function aptReader(hostShell: HostShell): PackageReader {
  const ways = new Map<string, (spec: string) => Promise<PackageState>>()
  const together = (options: StatesOptions) => {
    const key = JSON.stringify(options)
    const way = ways.get(key) ?? inBatches((specs) => statesOf(hostShell, specs, options))
    ways.set(key, way)
    return way
  }
  // apt names what it offers for the host's own architecture without it, which would be taken for another's.
  const alone = async (spec: string, options: StatesOptions) =>
    (await statesOf(hostShell, [spec], options))[0] ?? { name: spec }
  return {
    states: (specs, options = {}) =>
      Promise.all(
        specs.map((spec) => (splitSpec(spec).name.includes(':') ? alone(spec, options) : together(options)(spec))),
      ),
    cacheTime: async () => parseCacheTime((await hostShell.request(cacheTimeScript)).stdout.toString()),
    removable: async () => parseRemovable((await hostShell.request(raw('apt-get -s -q autoremove'))).stdout.toString()),
    names: async (prefix) =>
      (await hostShell.request(sh`apt-cache pkgnames -- ${prefix}`)).stdout.toString().split('\n'),
  }
}

async function statesOf(
  hostShell: HostShell,
  specs: readonly string[],
  options: StatesOptions,
): Promise<readonly PackageState[]> {
  const reply = await hostShell.request(statesScript(specs, options))
  if (reply.status === noDpkg) throw await otherSystem(hostShell)
  return parseStates(specs, reply.stdout.toString())
}

async function otherSystem(hostShell: HostShell): Promise<HostwrightError> {
  const reply = await hostShell.request(
    raw('for p in dnf yum zypper apk pacman; do command -v $p >/dev/null 2>&1 && echo $p; done; true'),
  )
  const [found] = reply.stdout.toString().split('\n')
  return new Unreadable(
    `this host has no dpkg${found === undefined || found === '' ? '' : `, but ${found}`}: only apt is known here`,
    'package',
    { host: hostShell.name, next: 'manage its packages with command tasks, or use a Debian or Ubuntu host' },
  )
}

const cacheTimeScript = raw(`ls /var/lib/apt/lists 2>/dev/null | grep -q Packages || { echo 0; exit; }
stat -c %Y /var/lib/apt/lists /var/lib/apt/periodic/update-success-stamp 2>/dev/null | sort -n | tail -n 1
stat -c %Y /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/sources.list.d/* 2>/dev/null | sort -n | tail -n 1`)

/** The time of the last refresh, and on the next line that of the last change of the sources, which makes it void. */
export function parseCacheTime(text: string): number {
  const [refreshed = 0, sources = 0] = text.trim().split('\n').map(Number)
  return sources > refreshed ? 0 : refreshed
}

/** What `apt-get -s autoremove` would remove. */
export function parseRemovable(text: string): readonly string[] {
  return [...text.matchAll(/^Remv (\S+)/gm)].map(([, name]) => name ?? '')
}
