import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError, sh } from '../command.ts'
import { proxyOptions } from './base.ts'
import { archivePackages, recommendingPackages, reinstallable } from './packages.ts'
import type { Release } from './release.ts'
import { machineSources } from './sources.ts'

type Folders = { readonly base: string; readonly archive: string; readonly scratch: string }

/** apt of this machine, with the base's list of installed packages and folders of its own. */
async function aptOptions(release: Release, { base, archive, scratch }: Folders): Promise<readonly string[]> {
  mkdirSync(join(scratch, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(archive, 'pool', 'partial'), { recursive: true })
  const sources = join(scratch, 'sources.list')
  const keyring = 'deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] '
  writeFileSync(
    sources,
    machineSources(release)
      .map((line) => `${line.replace(/^deb /, keyring)}\n`)
      .join(''),
  )
  return [
    `Dir::State::status=${base}/var/lib/dpkg/status`,
    `Dir::State=${scratch}`,
    `Dir::State::Lists=${scratch}/lists`,
    `Dir::Etc::sourcelist=${sources}`,
    'Dir::Etc::sourceparts=/dev/null',
    'Dir::Etc::preferencesparts=/dev/null',
    // The machine's hooks may delete what was downloaded.
    'Dir::Etc::parts=/dev/null',
    'Dir::Etc::main=/dev/null',
    `Dir::Cache=${scratch}`,
    `Dir::Cache::archives=${archive}/pool`,
    'APT::Sandbox::User=root',
    ...(await proxyOptions()).map((line) => line.replace(/ "(.*)";$/, '=$1')),
  ].flatMap((option) => ['-o', option])
}

/** Downloads what hosts may install, with its whole closure, and indexes it as a repository hosts read from a folder. */
export async function makeArchive(release: Release, folders: Folders, say: (line: string) => void): Promise<void> {
  const { archive, base } = folders
  const apt = await aptOptions(release, folders)
  const next = 'Look whether `apt-get update` works on this machine, then run the build again.'
  await sh('read the mirrors’ package lists', { next })`apt-get ${apt} -q update`
  const names = archivePackages(release)
  const known = new Set((await sh('list packages')`apt-cache ${apt} pkgnames`).split('\n'))
  const unknown = names.filter((name) => !known.has(name))
  if (unknown.length > 0) throw new LabError(`Debian ${release} has no package ${unknown.join(', ')}.`)

  const sets = [
    [...names, '--no-install-recommends'],
    [...recommendingPackages(release), '--install-recommends'],
    [...reinstallable, '--reinstall', '--no-install-recommends'],
  ]
  for (const set of sets) await sh('download packages', { next })`apt-get ${apt} -q -y install --download-only ${set}`
  await sh('index the archive')`cd ${archive}; rm -rf pool/partial pool/lock; dpkg-scanpackages -m pool >Packages`
  say(`  ${readdirSync(join(archive, 'pool')).length} packages in the archive`)

  await sh('let the base system read the archive')`
    unshare --mount --propagation slave bash -euc '
      mount --bind "$1" "$2/srv/apt"
      exec chroot "$2" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin apt-get -q update' - ${archive} ${base}`
}
