import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sh } from '../command.ts'
import { packageFolder } from '../project/folders.ts'
import { basePackages } from './packages.ts'
import { releases, type Release } from './release.ts'
import { machineSources } from './sources.ts'
import { users } from '../systems.ts'

export const baseScript = (): string => readFileSync(join(packageFolder, 'lab', 'image', 'base.sh'), 'utf8')

const next = 'Run it again; if it fails the same way, look whether `apt-get update` works on this machine.'

/** apt's proxy settings of this machine, which mmdebstrap does not read by itself. */
export async function proxyOptions(): Promise<readonly string[]> {
  const dump = await sh("read apt's settings")`apt-config dump Acquire::http::Proxy Acquire::https::Proxy`
  return dump.split('\n').filter((line) => /^Acquire::https?::Proxy "./.test(line))
}

/** Fills a folder with a Debian base system. All mounts it needs are private and end with it. */
export async function makeBase(release: Release, base: string, say: (line: string) => void): Promise<void> {
  const options = [
    '--variant=minbase',
    `--include=${basePackages(release).join(',')}`,
    '--keyring=/usr/share/keyrings/debian-archive-keyring.gpg',
    '--skip=check/empty',
    ...(await proxyOptions()).map((line) => `--aptopt=${line}`),
  ]
  const { codename } = releases[release]
  await sh(`build Debian ${release}'s base system`, {
    next,
    input: `${machineSources(release).join('\n')}\n`,
    onLine: (line) => {
      if (/^I: (running|downloading|installing|extracting|creating)/.test(line)) say(`  ${line.slice(3)}`)
    },
  })`unshare --mount --propagation slave mmdebstrap ${options} ${codename} ${base} - 2>&1`
  const { admin, operator } = users
  await sh("settle the base system's users and services", { next, input: baseScript() })`
    env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
      ADMIN=${admin.name} ADMIN_UID=${admin.uid} OPERATOR=${operator.name} OPERATOR_UID=${operator.uid} \
      OPERATOR_PASSWORD=${operator.password} chroot ${base} /bin/sh -s`
}
