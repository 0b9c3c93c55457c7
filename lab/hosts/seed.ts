import { chmodSync, chownSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { hostKeyFile, keyFile, newMachineId } from './keys.ts'
import type { Lab } from '../lab.ts'
import { users } from '../systems.ts'

type Owner = { readonly uid: number; readonly gid: number }
const root: Owner = { uid: 0, gid: 0 }

function ownerIn(base: string, user: string): Owner {
  const line = readFileSync(join(base, 'etc/passwd'), 'utf8')
    .split('\n')
    .find((l) => l.startsWith(`${user}:`))
  const [, , uid, gid] = line?.split(':') ?? []
  return { uid: Number(uid), gid: Number(gid) }
}

/** A folder in the upper layer hides the base's own mode and owner, so both are given. */
function folder(path: string, mode: number, { uid, gid } = root): void {
  mkdirSync(path, { recursive: true })
  chmodSync(path, mode)
  chownSync(path, uid, gid)
}

function file(path: string, text: string, mode = 0o644, { uid, gid } = root): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  chmodSync(path, mode)
  chownSync(path, uid, gid)
}

export const hostsFile = (addresses: Readonly<Record<string, string>>): string =>
  [
    '127.0.0.1 localhost',
    '::1 localhost ip6-localhost ip6-loopback',
    ...Object.entries(addresses).map(([name, address]) => `${address} ${name}`),
    '',
  ].join('\n')

/** Makes a host of the base: its names, its keys, and who may log in. */
export function seed(
  lab: Lab,
  host: string,
  { upper, base }: { readonly upper: string; readonly base: string },
  addresses: Readonly<Record<string, string>>,
): void {
  const etc = join(upper, 'etc')
  folder(upper, 0o755)
  folder(etc, 0o755)
  folder(join(etc, 'ssh'), 0o755)
  file(join(etc, 'hostname'), `${host}\n`)
  file(join(etc, 'hosts'), hostsFile(addresses))
  file(join(etc, 'machine-id'), `${newMachineId()}\n`, 0o444)
  const key = join(etc, 'ssh', 'ssh_host_ed25519_key')
  copyFileSync(hostKeyFile(lab, host), key)
  copyFileSync(`${hostKeyFile(lab, host)}.pub`, `${key}.pub`)
  chmodSync(key, 0o600)
  chmodSync(`${key}.pub`, 0o644)
  folder(join(upper, 'home'), 0o755)
  const authorized = readFileSync(`${keyFile(lab)}.pub`, 'utf8')
  for (const { name } of Object.values(users)) {
    const owner = ownerIn(base, name)
    folder(join(upper, 'home', name), 0o700, owner)
    folder(join(upper, 'home', name, '.ssh'), 0o700, owner)
    file(join(upper, 'home', name, '.ssh', 'authorized_keys'), authorized, 0o600, owner)
  }
}
