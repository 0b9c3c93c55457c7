import { HostwrightError } from '../../error.ts'
import { raw, sh, type Script } from '../../quote.ts'
import type { Ground } from '../ground.ts'
import { Unreadable } from '../unreadable.ts'
import { aptError, unknownPackage } from './complaint.ts'
import type { PackageState, PackageWriter, StatesOptions } from './packages.ts'
import { noDpkg, parseStates, splitSpec, statesScript } from './query.ts'
import { installVerb, removeVerb, transaction } from './transaction.ts'

/** Package systems by Ansible's names for them. */
const systems = { apt: aptPackages } as const satisfies Readonly<Record<string, (ground: Ground) => PackageWriter>>

/** The packages of a real host. A host of another package system says so at the first question. */
export function remotePackages(ground: Ground): PackageWriter {
  return systems.apt(ground)
}

/**
 * Debian's packages, through dpkg-query, apt-cache and apt-get.
 *
 * @see https://manpages.debian.org/apt-get
 */
function aptPackages(ground: Ground): PackageWriter {
  const states = async (specs: readonly string[], options: StatesOptions = {}) => {
    if (specs.length === 0) return []
    const reply = await ground.request(statesScript(specs, options))
    if (reply.status === noDpkg) throw await otherSystem(ground)
    return parseStates(specs, reply.stdout.toString())
  }

  const transact = async (what: string, script: Script) => {
    const reply = await ground.exec(script, { onOutput: (chunk) => ground.progress(newestLine(chunk.toString())) })
    if (reply.status === 0) return
    throw aptError(what, reply.status, reply.stdout.toString() + reply.stderr.toString(), { host: ground.name })
  }
  const updateCache = () => transact('refresh the package index', transaction([], { updateCache: true }))

  return {
    states,
    cacheTime: async () => parseCacheTime((await ground.request(cacheTimeScript)).stdout.toString()),
    removable: async () => parseRemovable((await ground.request(raw('apt-get -s -q autoremove'))).stdout.toString()),
    names: (prefix) => namesBeginning(ground, prefix),
    updateCache,
    install: async (specs, options = {}) => {
      if (options.updateCache === true) await updateCache()
      const notOffered = async () => {
        const now = await states(specs, { candidates: true, defaultRelease: options.defaultRelease })
        return specs.flatMap((spec, i) => (isOffered(spec, now[i]) ? [] : [{ spec, state: now[i] }]))
      }
      let missing = await notOffered()
      if (
        missing.length > 0 &&
        options.updateCache !== true &&
        missing.some(({ state }) => state?.providers === undefined)
      ) {
        await updateCache()
        missing = await notOffered()
      }
      if (missing.length > 0) throw await notFound(ground, missing)
      await transact(`install ${specs.join(' ')}`, transaction(installVerb(specs, options), options))
    },
    remove: (names, options = {}) =>
      transact(
        `remove ${names.length === 0 ? 'what nothing needs' : names.join(' ')}`,
        transaction(removeVerb(names, options), options),
      ),
  }
}

/** apt reads a name it does not know as a pattern, so nothing unknown may reach it. */
function isOffered(spec: string, state: PackageState | undefined): boolean {
  if (state?.candidate !== undefined) return true
  return state?.version !== undefined && splitSpec(spec).version === undefined
}

async function notFound(
  ground: Ground,
  missing: readonly { readonly spec: string; readonly state: PackageState | undefined }[],
): Promise<HostwrightError> {
  const complaints = missing.map(async ({ spec, state }) => {
    const { name, version } = splitSpec(spec)
    if (state?.providers !== undefined)
      return `"${name}" is a virtual package: name one that provides it (${state.providers.join(', ')})`
    if (version !== undefined) return `no version ${version} of "${name}" in the host's sources`
    return unknownPackage(name, await namesBeginning(ground, name.slice(0, 3)))
  })
  return new HostwrightError((await Promise.all(complaints)).join('\n'), {
    host: ground.name,
    next: 'check the name, or add the repository that has it',
  })
}

async function namesBeginning(ground: Ground, prefix: string): Promise<readonly string[]> {
  return (await ground.request(sh`apt-cache pkgnames -- ${prefix}`)).stdout.toString().split('\n')
}

async function otherSystem(ground: Ground): Promise<HostwrightError> {
  const reply = await ground.request(
    raw('for p in dnf yum zypper apk pacman; do command -v $p >/dev/null 2>&1 && echo $p; done; true'),
  )
  const [found] = reply.stdout.toString().split('\n')
  return new Unreadable(
    `this host has no dpkg${found === undefined || found === '' ? '' : `, but ${found}`}: only ${Object.keys(systems).join(', ')} is known here`,
    'package',
    { host: ground.name, next: 'manage its packages with command tasks, or use a Debian or Ubuntu host' },
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

function newestLine(chunk: string): string {
  return (
    chunk
      .trimEnd()
      .split(/[\r\n]+/)
      .at(-1) ?? ''
  )
}
