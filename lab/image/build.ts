import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { makeArchive, readIndex, readIndexOver } from './archive.ts'
import { baseScript, makeBase } from './base.ts'
import { sh } from '../command.ts'
import { withLock } from '../lock.ts'
import { needPrograms, type Permit } from '../machine.ts'
import { archivePackages, basePackages, recommendingPackages, reinstallable } from './packages.ts'
import { releases, type Release } from './release.ts'
import { users } from '../systems.ts'

/** Raise it when base.ts or archive.ts come to build something else out of the same lists. */
const version = 2

const cache = '/var/cache/hostwright-lab'

/** The base system of hosts, and the packages that they can install. All projects on the machine share it. */
export type Build = {
  /** Changes with what it is made from. */
  readonly key: string
  /** The folder of the base system. */
  readonly base: string
  /** The layers below a host's own, the uppermost first, as overlayfs takes them: the base alone, or a layer over it. */
  readonly layers: string
  /** The folder of the packages that hosts can install. */
  readonly archive: string
}

const hashOf = (recipe: unknown): string =>
  createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 10)

/** A project's packages are an archive of their own, with the base that everybody has: the part of the key after the `+`. */
function buildAt(key: string): Build {
  const [system = ''] = key.split('+')
  const base = join(cache, system, 'base')
  const layers = key === system ? base : `${join(cache, key, 'over')}:${base}`
  return { key, base, layers, archive: join(cache, key, 'archive') }
}

const partsOf = (folder: string) => ({
  downloads: join(folder, 'downloads'),
  archive: join(folder, 'archive'),
  scratch: join(folder, 'scratch'),
})

/** A build made before, as long as nobody has deleted it. */
export function buildMade(key: string | undefined): Build | undefined {
  const made = key === undefined ? undefined : buildAt(key)
  return made !== undefined && existsSync(made.base) && existsSync(made.archive) ? made : undefined
}

/** Where a build of today's lists and scripts is, or would be. */
export function buildFor(release: Release, packages: readonly string[] = []): Build {
  const lists = [basePackages(release), archivePackages(release), recommendingPackages(release), reinstallable]
  const system = `${release}-${hashOf([version, releases[release], lists, users, baseScript()])}`
  return buildAt(packages.length === 0 ? system : `${system}+${hashOf(packages)}`)
}

/** Builds a release unless it is there, and the archive with these packages of a project. */
export async function build(release: Release, permit: Permit, packages: readonly string[] = []): Promise<Build> {
  const { say } = permit
  const plain = await once(buildFor(release), permit, async (part, passed) => {
    const folders = { base: join(part, 'base'), ...partsOf(part) }
    say(`Building Debian ${release} (once; about a minute): 1/2 the base system`)
    await makeBase(release, folders.base, say)
    say(`Building Debian ${release}: 2/2 the packages hosts may install (${passed()} so far)`)
    await makeArchive(release, folders, say)
    await readIndex(folders)
  })
  return once(buildFor(release, packages), permit, async (part) => {
    const folders = { base: plain.base, ...partsOf(part) }
    say(`Adding the project's packages to what hosts may install (once): ${packages.join(' ')}`)
    await sh('begin with the packages that are there')`
      cp -al ${join(cache, plain.key, 'downloads')} ${part}
      cp -al ${join(plain.archive, 'pool')} ${folders.archive}`
    await makeArchive(release, folders, say, packages)
    await readIndexOver(folders, join(part, 'over'))
  })
}

/** Makes a build unless it is there. It appears whole, by one rename, or not at all. */
async function once(
  wanted: Build,
  permit: Permit,
  make: (part: string, passed: () => string) => Promise<void>,
): Promise<Build> {
  const { say } = permit
  const folder = join(cache, wanted.key)
  if (existsSync(folder)) return wanted
  await needPrograms('build', permit)
  const waiting = () => say('Another build is running: waiting for it …')
  return withLock(join(cache, 'lock'), waiting, async () => {
    if (existsSync(folder)) return wanted
    const since = Date.now()
    const passed = () => `${Math.round((Date.now() - since) / 1000)} s`
    const part = `${folder}.part`
    await sh('clear an unfinished build')`rm -rf --one-file-system ${part}`
    mkdirSync(join(part, 'archive'), { recursive: true })
    await make(part, passed)
    await sh('tidy up the build')`rm -rf --one-file-system ${join(part, 'scratch')}`
    renameSync(part, folder)
    say(`Built in ${passed()}: ${folder}`)
    return wanted
  })
}
