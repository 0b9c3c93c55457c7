import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { makeArchive } from './archive.ts'
import { baseScript, makeBase } from './base.ts'
import { sh } from '../command.ts'
import { withLock } from '../lock.ts'
import { needPrograms } from '../machine.ts'
import { archivePackages, basePackages, recommendingPackages, reinstallable } from './packages.ts'
import { releases, type Release } from './release.ts'
import { users } from '../systems.ts'

/** Raise it when base.ts or archive.ts come to build something else out of the same lists. */
const version = 1

const cache = '/var/cache/hostwright-lab'

export type Build = { readonly key: string; readonly base: string; readonly archive: string }

const buildAt = (key: string): Build => ({
  key,
  base: join(cache, key, 'base'),
  archive: join(cache, key, 'archive'),
})

/** A build made before, as long as nobody has deleted it. */
export const buildMade = (key: string | undefined): Build | undefined =>
  key !== undefined && existsSync(join(cache, key)) ? buildAt(key) : undefined

/** Where a build of today's lists and scripts is, or would be. All clones on the machine share it. */
export function buildFor(release: Release): Build {
  const lists = [basePackages(release), archivePackages(release), recommendingPackages(release), reinstallable]
  const recipe = JSON.stringify([version, releases[release], lists, users, baseScript()])
  return buildAt(`${release}-${createHash('sha256').update(recipe).digest('hex').slice(0, 10)}`)
}

/** Builds a release unless it is there. A build appears whole, by one rename, or not at all. */
export async function build(release: Release, say: (line: string) => void): Promise<Build> {
  const wanted = buildFor(release)
  if (existsSync(join(cache, wanted.key))) return wanted
  await needPrograms('build', say)
  const waiting = () => say('Another build is running: waiting for it …')
  return withLock(join(cache, 'lock'), waiting, async () => {
    if (existsSync(join(cache, wanted.key))) return wanted
    const since = Date.now()
    const seconds = () => `${Math.round((Date.now() - since) / 1000)} s`
    const part = join(cache, `${wanted.key}.part`)
    await sh('clear an unfinished build')`rm -rf --one-file-system ${part}`
    const folders = { base: join(part, 'base'), archive: join(part, 'archive'), scratch: join(part, 'scratch') }
    mkdirSync(folders.archive, { recursive: true })
    say(`Building Debian ${release} (once; about a minute): 1/2 the base system`)
    await makeBase(release, folders.base, say)
    say(`Building Debian ${release}: 2/2 the packages hosts may install (${seconds()} so far)`)
    await makeArchive(release, folders, say)
    await sh('tidy up the build')`rm -rf --one-file-system ${folders.scratch}`
    renameSync(part, join(cache, wanted.key))
    say(`Built Debian ${release} in ${seconds()}: ${join(cache, wanted.key)}`)
    return wanted
  })
}
