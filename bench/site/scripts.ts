import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { lines, raw, sh, type Script } from '../../lib/quote.ts'
import { hostsIn } from '../hosts/inventory.ts'

const source = (name: string): Script => raw(readFileSync(new URL(`scripts/${name}.sh`, import.meta.url), 'utf8'))

/** A script of its own, as a function that a longer one can call. */
const asFunction = (name: string): Script => sh`${raw(name)}() (\n${source(name)})\n`

const passwords = ['replication_password', 'barman_password', 'barman_streaming_password'] as const

/** The value of a variable in the `[all:vars]` of an inventory that the lab has written. */
const variableIn = (inventory: string, name: string): string =>
  new RegExp(`^${name}=(.*)$`, 'm').exec(inventory)?.[1] ?? ''

/** A host's own script, and the programs it calls. */
const programs: Readonly<Record<string, { readonly main: string; readonly calls: readonly string[] }>> = {
  pg1: { main: 'primary', calls: [] },
  pg2: { main: 'replica', calls: ['clone'] },
  backup1: { main: 'backup', calls: ['first_wal', 'first_backup'] },
}

/** Writes the hand-written script of each host of site.ts, with what it needs to know at its head; gives the path of each. */
export function siteScripts(folder: string, inventory: string): Readonly<Record<string, string>> {
  const places = hostsIn(inventory)
  const addressOf = (name: string) => places.find((place) => place.name === name)?.address ?? ''
  const known = {
    ...{ version: variableIn(inventory, 'pg_version'), primary: 'pg1', primary_address: addressOf('pg1') },
    ...{ replica: 'pg2', replica_address: addressOf('pg2'), backup: 'backup1', backup_address: addressOf('backup1') },
    ...Object.fromEntries(passwords.map((name) => [name, variableIn(inventory, name)])),
  }
  const head = Object.entries(known).map(([name, value]) => sh`${raw(name)}=${value}`)
  return Object.fromEntries(
    Object.entries(programs).map(([name, { main, calls }]) => {
      const path = join(folder, `site-${name}.sh`)
      const script = lines(...head, source('common'), ...calls.map(asFunction), source(main))
      writeFileSync(path, script.text, { mode: 0o600 })
      return [name, path]
    }),
  )
}
