import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { raw, sh, type Script } from '../../lib/quote.ts'

const source = (name: string): Script => raw(readFileSync(new URL(`scripts/${name}.sh`, import.meta.url), 'utf8'))

/** A script of its own, as a function that a longer one can call. */
const asFunction = (name: string, script: string): Script => sh`${raw(name)}() (\n${source(script)})\n`

const passwords = ['replication_password', 'barman_password', 'barman_streaming_password'] as const

/** The value of a variable in the `[all:vars]` of an inventory that the lab has written. */
const variableIn = (inventory: string, name: string): string =>
  new RegExp(`^${name}=(.*)$`, 'm').exec(inventory)?.[1] ?? ''

/** Writes the hand-written script of each host of site.ts, with what it needs to know at its head; gives their paths. */
export function siteScripts(
  folder: string,
  inventory: string,
  addresses: Readonly<Record<'pg1' | 'pg2' | 'backup1', string>>,
): readonly { readonly name: string; readonly address: string; readonly script: string }[] {
  const known = {
    ...{ version: variableIn(inventory, 'pg_version'), primary: 'pg1', primary_address: addresses.pg1 },
    ...{ replica: 'pg2', replica_address: addresses.pg2, backup: 'backup1', backup_address: addresses.backup1 },
    ...Object.fromEntries(passwords.map((name) => [name, variableIn(inventory, name)])),
  }
  const head = Object.entries(known).map(([name, value]) => sh`${raw(name)}=${value}\n`.text)
  const parts = [raw(head.join('')), source('common'), asFunction('clone', 'clone')]
  const ends = {
    pg1: [],
    pg2: [],
    backup1: [asFunction('first_wal', 'first-wal'), asFunction('first_backup', 'first-backup')],
  }
  return (['pg1', 'pg2', 'backup1'] as const).map((name) => {
    const own = source({ pg1: 'primary', pg2: 'replica', backup1: 'backup' }[name])
    const script = join(folder, `site-${name}.sh`)
    writeFileSync(script, [...parts, ...ends[name], own].map(({ text }) => text).join('\n'), { mode: 0o600 })
    return { name, address: addresses[name], script }
  })
}
