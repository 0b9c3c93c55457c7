import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { play } from '../../lib/play/play.ts'
import { authorized_key } from '../../modules/authorized_key.ts'
import { blockinfile } from '../../modules/blockinfile.ts'
import { cron } from '../../modules/cron.ts'
import { known_hosts } from '../../modules/known_hosts.ts'
import { lineinfile } from '../../modules/lineinfile.ts'

/** Hosts that act on one machine. */
export const ten = Array.from({ length: 10 }, (_, number) => `h${number}`)

/** How often the ten do it; the long tests say more. */
export const times = Number(process.env['HOSTWRIGHT_TEN_ON_ONE'] ?? 1)

/** A host's own public key; nobody has the private half. */
export function keyOf(host: string): string {
  const [type, key] = ['ssh-ed25519', host.padEnd(32, '.')].map((text) => {
    const length = Buffer.alloc(4)
    length.writeUInt32BE(text.length)
    return Buffer.concat([length, Buffer.from(text)])
  })
  return `ssh-ed25519 ${Buffer.concat([type ?? Buffer.alloc(0), key ?? Buffer.alloc(0)]).toString('base64')}`
}

/** Each host has an entry of its own put into files of one machine that all of them share. */
export function entriesOnOne(folder: string, machine: string) {
  const delegated = { delegate_to: machine }
  return (
    play('entries', { hosts: 'ten' })
      .task(
        'authorized_key',
        ({ host }) => authorized_key({ user: 'root', key: keyOf(host), path: join(folder, 'authorized_keys') }),
        delegated,
      )
      .task(
        'lineinfile',
        ({ host }) => lineinfile({ path: join(folder, 'lines'), line: `line of ${host}`, create: true }),
        delegated,
      )
      .task(
        'blockinfile',
        ({ host }) =>
          blockinfile({ path: join(folder, 'blocks'), marker: `# {mark} ${host}`, block: `of ${host}`, create: true }),
        delegated,
      )
      .task('cron', ({ host }) => cron({ name: `job of ${host}`, job: 'true', hour: '3' }), delegated)
      .task(
        'cron_file',
        ({ host }) => cron({ name: `job of ${host}`, job: 'true', user: 'root', cron_file: join(folder, 'jobs') }),
        delegated,
      )
      // A loop: what others change between its calls counts too.
      .task(
        'known_hosts',
        ({ host }) =>
          [host, `${host}b`].map((name) =>
            known_hosts({ name, key: `${name} ${keyOf(host)}`, path: join(folder, 'known_hosts') }),
          ),
        delegated,
      )
  )
}

/** A crontab command for the machine that hosts delegate to: its own table, in a folder of the test. */
const crontab = `#!/bin/sh
case $1 in
  -l) cat "$0.table" 2>/dev/null || { echo "no crontab for root" >&2; exit 1; } ;;
  -) cat >"$0.new" && mv "$0.new" "$0.table" ;;
esac
`

/** Ten hosts that are all this machine. */
export const tenHosts = `[ten]\n${ten.map((host) => `${host} ansible_connection=local\n`).join('')}`

/** Ten hosts, and the machine that they delegate to: all of them this one, its crontab aside. */
export function tenInventory(folder: string): string {
  mkdirSync(join(folder, 'bin'), { recursive: true })
  writeFileSync(join(folder, 'bin/crontab'), crontab)
  chmodSync(join(folder, 'bin/crontab'), 0o755)
  const shell = `['/usr/bin/env', 'PATH=${join(folder, 'bin')}:/usr/bin:/bin', 'sh']`
  return `${tenHosts}
[others]\nmachine ansible_connection=command ansible_shell_command="${shell}"\n`
}

/** How each host's entry reads in each file. */
export const entriesIn: Readonly<Record<string, (host: string) => string>> = {
  authorized_keys: keyOf,
  lines: (host) => `line of ${host}`,
  blocks: (host) => `of ${host}`,
  jobs: (host) => `#Ansible: job of ${host}`,
  'bin/crontab.table': (host) => `#Ansible: job of ${host}`,
  known_hosts: (host) => `${host} ${keyOf(host)}`,
}

/** The entries that a file lacks. */
export function missingFrom(text: string, entry: (host: string) => string): readonly string[] {
  const lines = text.split('\n')
  return ten.map(entry).filter((line) => !lines.includes(line))
}
