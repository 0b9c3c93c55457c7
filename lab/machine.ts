import { accessSync, constants, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { LabError, sh } from './command.ts'

/** A program the lab calls → the Debian package that brings it. */
const toRun = {
  'systemd-nspawn': 'systemd-container',
  ip: 'iproute2',
  ssh: 'openssh-client',
  'ssh-keygen': 'openssh-client',
  nc: 'netcat-openbsd',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  flock: 'util-linux',
} as const

const toBuild = { mmdebstrap: 'mmdebstrap', 'dpkg-scanpackages': 'dpkg-dev' } as const

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg'

function onPath(program: string): boolean {
  const folders = (process.env['PATH'] ?? '').split(delimiter).concat('/usr/sbin', '/sbin')
  return folders.some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

export function needRoot(): void {
  if (process.platform !== 'linux')
    throw new LabError(
      `The lab needs Linux, and this is ${process.platform}.`,
      'Run it in a virtual machine with Debian.',
    )
  if (process.getuid?.() !== 0) {
    throw new LabError(
      'The lab needs root: it mounts layers and makes network namespaces.',
      'Run it as root or by sudo.',
    )
  }
}

/** How a step reports its progress, and whether it may install Debian packages on this machine. */
export type Permit = { readonly install: boolean; readonly say: (line: string) => void }

/** Installs the Debian packages that are missing on this machine, or throws an error that names them. */
export async function needPrograms(what: 'run' | 'build', { install, say }: Permit): Promise<void> {
  needRoot()
  const wanted = Object.entries({ ...toRun, ...(what === 'build' ? toBuild : {}) })
  const missing = new Set(wanted.filter(([program]) => !onPath(program)).map(([, name]) => name as string))
  if (what === 'build' && !existsSync(keyring)) missing.add('debian-archive-keyring')
  if (missing.size === 0) return
  const names = [...missing]
  const next = `Install by hand: apt-get install ${names.join(' ')}`
  const missingHere = `The lab needs Debian packages that are missing on this machine: ${names.join(' ')}.`
  if (!onPath('apt-get')) throw new LabError(missingHere, 'The lab needs Debian, or a system with its packages.')
  if (!install) throw new LabError(missingHere, `${next}\nOr let the lab do it: npx hostwright lab --install up`)
  say(`Installing on this machine: ${names.join(' ')}`)
  await sh('refresh the list of packages', { next })`apt-get update -q`
  await sh(`install ${names.join(' ')}`, { next })`
    DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${names}`
}

/** Asks for each kernel feature by name, since the tools' own messages seldom name it. */
export async function needKernel(say: (line: string) => void): Promise<void> {
  const has = () => /\toverlay$/m.test(readFileSync('/proc/filesystems', 'utf8'))
  if (!has()) await sh('load overlayfs', { next: 'The lab needs a kernel with overlayfs.' })`modprobe overlay`
  for (const [kind, file] of [
    ['network', 'net'],
    ['mount', 'mnt'],
    ['process', 'pid'],
  ] as const) {
    if (!existsSync(`/proc/self/ns/${file}`)) throw new LabError(`This kernel has no ${kind} namespaces.`)
  }
  raiseInotify(say)
}

/** Every systemd takes a dozen inotify instances, and all of root's count together. */
function raiseInotify(say: (line: string) => void): void {
  const knob = '/proc/sys/fs/inotify/max_user_instances'
  const now = Number(readFileSync(knob, 'utf8'))
  if (now >= 1024) return
  try {
    writeFileSync(knob, '1024')
    say(`Raised fs.inotify.max_user_instances from ${now} to 1024: every systemd needs a dozen.`)
  } catch {
    say(
      `fs.inotify.max_user_instances is ${now} and cannot be raised here: about ${Math.floor(now / 12)} hosts will fit.`,
    )
  }
}
