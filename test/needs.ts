import { execFileSync } from 'node:child_process'
import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Programs that tests hold the product against, and the Debian packages that bring them. */
const programs: Readonly<Record<string, string>> = {
  '/usr/bin/ansible-inventory': 'ansible-core',
  '/usr/sbin/sshd': 'openssh-server',
  '/usr/bin/ssh': 'openssh-client',
  '/usr/bin/sudo': 'sudo',
  '/usr/bin/doas': 'doas',
  '/usr/bin/busybox': 'busybox',
  '/usr/bin/socat': 'socat',
  '/usr/bin/nc': 'netcat-openbsd',
  '/usr/bin/python3': 'python3',
  '/usr/lib/python3/dist-packages/yaml': 'python3-yaml',
  // Readers of the formats in lib/encode.
  '/usr/bin/named-checkconf': 'bind9-utils',
  '/usr/sbin/haproxy': 'haproxy',
  '/usr/bin/crontab': 'cron',
  '/usr/bin/systemd-analyze': 'systemd',
  '/usr/sbin/chronyd': 'chrony',
  '/var/lib/dpkg/info/postgresql.list': 'postgresql',
}
const elsewhere: Readonly<Record<string, string>> = { '/usr/bin/busybox': '/bin/busybox', '/usr/bin/nc': '/bin/nc' }
const policy = '/usr/sbin/policy-rc.d'

export const installNeeds = (): void => installPrograms(programs)

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
