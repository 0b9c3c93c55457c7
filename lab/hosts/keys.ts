import { randomBytes, randomInt } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { sh } from '../command.ts'
import type { Lab } from '../lab.ts'
import { isLight } from '../names.ts'
import { passwordNames } from '../systems.ts'

/** Keys, known hosts and passwords: they stay the same over resets and restarts. */
export const keyFile = (lab: Lab): string => join(lab.folder, 'identity', 'id_ed25519')
export const knownHostsFile = (lab: Lab): string => join(lab.folder, 'identity', 'known_hosts')
export const hostKeyFile = (lab: Lab, host: string): string => join(lab.folder, 'identity', `host_${keyOwner(host)}`)

/** Light hosts share a key, since there may be hundreds of them. */
const keyOwner = (host: string): string => (isLight(host) ? 'light' : host)
const passwordFile = (lab: Lab): string => join(lab.folder, 'identity', 'passwords.json')

async function ensureKey(file: string, comment: string): Promise<void> {
  if (!existsSync(`${file}.pub`))
    await sh('make an ssh key')`ssh-keygen -q -t ed25519 -N '' -C ${comment} -f ${file} </dev/null`
}

/** Makes the keys that are missing, and writes known_hosts for all hosts named (a name → its address). */
export async function ensureIdentity(lab: Lab, addresses: Readonly<Record<string, string>>): Promise<void> {
  mkdirSync(join(lab.folder, 'identity'), { recursive: true, mode: 0o700 })
  chmodSync(lab.folder, 0o755)
  await ensureKey(keyFile(lab), `hostwright-lab-${lab.id}`)
  const owners = new Set(Object.keys(addresses).map(keyOwner))
  await Promise.all([...owners].map((owner) => ensureKey(hostKeyFile(lab, owner), `root@${owner}`)))
  const lines = Object.entries(addresses).map(([host, address]) => {
    const [type, key] = readFileSync(`${hostKeyFile(lab, host)}.pub`, 'utf8').split(' ')
    return `${host},${address} ${type} ${key}\n`
  })
  const others = linesOfOthers(lab, addresses)
  writeFileSync(knownHostsFile(lab), [...others, ...lines].join(''))
}

function linesOfOthers(lab: Lab, addresses: Readonly<Record<string, string>>): readonly string[] {
  if (!existsSync(knownHostsFile(lab))) return []
  const ours = new Set(Object.values(addresses))
  const lines = readFileSync(knownHostsFile(lab), 'utf8').split('\n').filter(Boolean)
  return lines.filter((line) => !ours.has((line.split(' ')[0] ?? '').split(',')[1] ?? '')).map((line) => `${line}\n`)
}

const alphabet = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789'

/** A letter first, so that no reader of the inventory takes it for a number. */
const newPassword = (): string => `p${Array.from({ length: 27 }, () => alphabet[randomInt(alphabet.length)]).join('')}`

export function passwords(lab: Lab): Readonly<Record<string, string>> {
  const file = passwordFile(lab)
  const old: Record<string, string> = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {}
  const all = Object.fromEntries(passwordNames.map((name) => [name, old[name] ?? newPassword()]))
  if (passwordNames.some((name) => old[name] === undefined)) {
    mkdirSync(join(lab.folder, 'identity'), { recursive: true, mode: 0o700 })
    writeFileSync(file, `${JSON.stringify(all, undefined, 2)}\n`, { mode: 0o600 })
  }
  return all
}

/** Stays with the host's first layer; a reset makes a new one, as a new installation would. */
export const newMachineId = (): string => randomBytes(16).toString('hex')
