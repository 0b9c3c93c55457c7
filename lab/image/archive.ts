import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LabError, sh } from '../command.ts'
import { packageFolder } from '../project/folders.ts'

import { proxyOptions } from './base.ts'
import { archivePackages, recommendingPackages, reinstallable } from './packages.ts'
import type { Release } from './release.ts'
import { machineSources } from './sources.ts'

export interface Folders {
  readonly base: string
  /** Packages as Debian has them. */
  readonly downloads: string
  /** The repository that hosts read. */
  readonly archive: string
  readonly scratch: string
}

const fillPool = join(packageFolder, 'lab', 'image', 'fill-pool.sh')

/** apt of this machine, with the base's list of installed packages and folders of its own. */
async function aptOptions(release: Release, { base, downloads, scratch }: Folders): Promise<readonly string[]> {
  mkdirSync(join(scratch, 'lists', 'partial'), { recursive: true })
  mkdirSync(join(downloads, 'partial'), { recursive: true })
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
    `Dir::Cache::archives=${downloads}`,
    'APT::Sandbox::User=root',
    ...(await proxyOptions()).map((line) => line.replace(/ "(.*)";$/, '=$1')),
  ].flatMap((option) => ['-o', option])
}

/** Packages of one set must be installable together. Each of a project's own packages is a set of its own, because it may conflict with others. */
const setsOf = (release: Release, own: readonly string[]): readonly (readonly string[])[] => [
  [...archivePackages(release), '--no-install-recommends'],
  [...recommendingPackages(release), '--install-recommends'],
  [...reinstallable, '--reinstall', '--no-install-recommends'],
  ...own.map((name) => [name, '--install-recommends']),
]

/**
 * Downloads what hosts may install, with its whole closure, and indexes it as a repository hosts read from a folder.
 * `own` are a project's packages. What the folder holds already is not downloaded again.
 */
export async function makeArchive(
  release: Release,
  folders: Folders,
  say: (line: string) => void,
  own: readonly string[] = [],
): Promise<void> {
  const { downloads, archive, scratch } = folders
  const apt = await aptOptions(release, folders)
  const next = 'Look whether `apt-get update` works on this machine, then run the build again.'
  await sh('read the mirrors’ package lists', { next })`apt-get ${apt} -q update`
  const known = new Set((await sh('list packages')`apt-cache ${apt} pkgnames`).split('\n'))
  const unknown = [...archivePackages(release), ...own].filter((name) => !known.has(name))
  if (unknown.length > 0)
    throw new LabError(
      `Debian ${release} has no package ${unknown.join(', ')}.`,
      unknown.some((name) => own.includes(name)) ? 'Correct "packages" of the lab in package.json.' : undefined,
    )
  for (const set of setsOf(release, own))
    await sh('download packages', { next })`apt-get ${apt} -q -y install --download-only ${set}`
  await sh('fill the archive')`bash ${fillPool} ${downloads} ${archive}/pool ${scratch}`
  await sh('index the archive')`cd ${archive}; dpkg-scanpackages -m pool >Packages`
  say(`  ${readdirSync(join(archive, 'pool')).length} packages in the archive`)
}

/** The base system reads the archive's index, so that its hosts know the packages from the start. */
export const readIndex = ({ base, archive }: Folders): Promise<string> =>
  sh('let the base system read the archive')`
    unshare --mount --propagation slave bash -euc '
      mount --bind "$1" "$2/srv/apt"
      exec chroot "$2" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin apt-get -q update' - ${archive} ${base}`

/**
 * The same for a base that hosts may run on, which nobody may write to: what apt writes goes into a folder to lay over it.
 * The folders in it have the base's modes, since they hide them.
 */
export const readIndexOver = ({ base, archive }: Folders, over: string): Promise<string> =>
  sh('let the base system read the archive')`
    install -d -m 0755 ${over} ${over}/var ${over}/var/lib ${over}/var/lib/apt ${over}/var/lib/apt/lists
    install -d -m 0755 ${over}/var/cache ${over}/var/cache/apt
    unshare --mount --propagation slave bash -euc '
      mount --bind "$2" "$2"
      mount -o remount,bind,ro "$2"
      mount --bind "$1" "$2/srv/apt"
      mount --bind "$3/var/lib/apt/lists" "$2/var/lib/apt/lists"
      mount --bind "$3/var/cache/apt" "$2/var/cache/apt"
      mount -t tmpfs lab "$2/tmp"
      exec chroot "$2" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin apt-get -q update' - ${archive} ${base} ${over}`
