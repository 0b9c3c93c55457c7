import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'

/** Debian packages that tests may need, and a path by which each is known to be installed. */
const packages: Readonly<Record<string, string>> = {
  'ansible-core': '/usr/bin/ansible-inventory',
  'openssh-server': '/usr/sbin/sshd',
  'openssh-client': '/usr/bin/ssh',
  sudo: '/usr/bin/sudo',
  doas: '/usr/bin/doas',
  busybox: '/usr/bin/busybox',
  socat: '/usr/bin/socat',
  'netcat-openbsd': '/usr/bin/nc',
  python3: '/usr/bin/python3',
  'python3-yaml': '/usr/lib/python3/dist-packages/yaml',
  'bind9-utils': '/usr/bin/named-checkconf',
  haproxy: '/usr/sbin/haproxy',
  cron: '/usr/bin/crontab',
  systemd: '/usr/bin/systemd-analyze',
  chrony: '/usr/sbin/chronyd',
  postgresql: '/var/lib/dpkg/info/postgresql.list',
}
const elsewhere: Readonly<Record<string, string>> = { '/usr/bin/busybox': '/bin/busybox', '/usr/bin/nc': '/bin/nc' }
const policy = '/usr/sbin/policy-rc.d'

/** Programs of these packages, which unit tests must do without. */
export const programNames = Object.values(packages)
  .map((path) => path.slice(path.lastIndexOf('/') + 1))
  .concat('sftp', 'scp', 'ssh-keygen', 'ssh-agent', 'ssh-add', 'ansible', 'psql', 'systemctl')

/** The packages that a test file needs: its first line lists them, `// needs: busybox sudo`. */
export function packagesFor(file: string): readonly string[] {
  const names = /^\/\/ needs: (.+)\n/.exec(readFileSync(file, 'utf8'))?.[1]?.split(' ') ?? []
  const unknown = names.find((name) => packages[name] === undefined)
  if (unknown !== undefined) throw new Error(`${file} needs ${unknown}, which test/run/programs.ts does not list`)
  return names
}

/** Installs packages of the list above; all of them, unless `names` says which. */
export function installPackages(names: readonly string[] = Object.keys(packages)): void {
  installPrograms(Object.fromEntries(names.map((name) => [packages[name] ?? '', name])))
}

/** Installs what the machine lacks (a path → its package), and says so. Nothing that is installed is started: tests start servers of their own. */
export function installPrograms(wanted: Readonly<Record<string, string>>): void {
  const missing = Object.entries(wanted)
    .filter(([path]) => !existsSync(path) && !existsSync(elsewhere[path] ?? path))
    .map(([, name]) => name)
  if (missing.length === 0) return
  console.log(`Installing what the tests need: ${missing.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  const own = !existsSync(policy)
  if (own) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  try {
    execFileSync('apt-get', ['update', '-q'], { env, stdio: ['ignore', 'ignore', 'inherit'] })
    execFileSync('apt-get', ['install', '-q', '-y', '--no-install-recommends', ...missing], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  } finally {
    if (own) rmSync(policy, { force: true })
  }
}
