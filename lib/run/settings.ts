import { dirname, resolve } from 'node:path'
import type { BecomeDefaults, RunSettings } from '../engine/prepare/settings.ts'
import type { CommandLineDefaults } from '../connection/index.ts'
import { HostwrightError } from '../error.ts'
import { type Inventory, limitPatterns, loadInventory, type VaultPassword } from '../inventory/index.ts'
import { plainVars } from '../inventory/plain-vars.ts'
import { rawFromData } from '../inventory/sources/inventory-data.ts'
import { isMapping } from '../inventory/values/value.ts'
import type { PlaybookData } from '../play/data.ts'
import type { Report } from '../events/event.ts'
import { didYouMean } from '../schema/nearest.ts'
import { mask, rememberSecret, Secret } from '../secret.ts'
import { checkOptions } from './check-options.ts'
import type { LoadedPlaybook, RunOptions } from './options.ts'
import { stateFolder } from './state-folder.ts'

/**
 * Makes of the options what the engine takes: checks them, fills in the defaults and reads the inventory.
 *
 * @param meetsHosts - `false` for listings and checks, which leave nothing behind.
 * @throws InputErrors when an option is wrong.
 */
export async function runSettings(
  playbook: PlaybookData | LoadedPlaybook,
  options: RunOptions,
  meetsHosts = true,
): Promise<RunSettings> {
  checkOptions(playbook, options)
  const report = oneReport(options.report)
  const warn = (message: string): void => report({ type: 'warning', message: mask(message) })
  const playbookDir = resolve(options.playbookDir ?? ('file' in playbook ? dirname(playbook.file) : '.'))
  const vaultPasswords = (options.vaultPasswords ?? []).map(vaultPassword)
  const inventory = await inventoryOf(playbook, options.inventory, { playbookDir, vaultPasswords, warn })
  warnOfLimit(options.limit, inventory, warn)
  const check = options.check ?? false
  const writes = meetsHosts && !check
  return {
    playbook,
    inventory,
    playbookDir,
    vaultPasswords,
    check,
    report,
    extraVars: await extraVars(options.vars, vaultPasswords),
    diff: options.diff ?? false,
    selection: {
      ...given({ limit: options.limit, startAtTask: options.startAtTask }),
      tags: words(options.tags),
      skipTags: words(options.skipTags),
    },
    forks: options.forks ?? 50,
    forceHandlers: options.forceHandlers ?? false,
    lookAhead: options.lookAhead ?? true,
    connection: connectionDefaults(options),
    become: becomeDefaults(options),
    stateDir: options.stateDir ?? stateFolder(playbookDir, inventory.sources, { writes, warn }),
    ...given({ confirm: options.confirm, signal: options.signal }),
  }
}

function oneReport(report: RunOptions['report']): Report {
  if (typeof report === 'function') return report
  return (event) => {
    for (const each of report ?? []) each(event)
  }
}

interface Reading {
  readonly playbookDir: string
  readonly vaultPasswords: readonly VaultPassword[]
  readonly warn: (message: string) => void
}

function inventoryOf(
  { plays }: PlaybookData,
  inventory: RunOptions['inventory'],
  reading: Reading,
): Inventory | Promise<Inventory> {
  if (isInventory(inventory)) return inventory
  const sources = inventory === undefined ? [] : isList(inventory) ? inventory : [inventory]
  if (sources.length > 0 || plays.every(({ options }) => isThisMachine(options.hosts)))
    return loadInventory({ sources, ...reading })
  throw new HostwrightError('there is no inventory', { kind: 'input', next: 'give one: run(playbook, { inventory })' })
}

/** Whether every host of a pattern is this machine, which needs no inventory. */
export function isThisMachine(pattern: string): boolean {
  return ['localhost', '127.0.0.1', '::1'].includes(pattern.trim())
}

/** As in Ansible, a part of a limit that fits nothing is no error while another part fits. */
function warnOfLimit(limit: string | undefined, inventory: Inventory, warn: (message: string) => void): void {
  const { hosts, unmatched } = inventory.matchAll(limit === undefined ? [] : limitPatterns(limit))
  const names = [...inventory.groups.keys(), ...inventory.hosts]
  for (const pattern of hosts.length === 0 ? [] : unmatched)
    warn(`limit: "${pattern}" matches no host or group${didYouMean(pattern, names)}`)
}

function isInventory(inventory: RunOptions['inventory']): inventory is Inventory {
  return typeof inventory === 'object' && 'matchAll' in inventory && typeof inventory.matchAll === 'function'
}

function isList<T>(value: T | readonly T[]): value is readonly T[] {
  return Array.isArray(value)
}

function vaultPassword(password: string | Secret | VaultPassword): VaultPassword {
  const asked = typeof password === 'string' || password instanceof Secret ? { password } : password
  if (typeof asked.password === 'string') rememberSecret(asked.password)
  return asked
}

async function extraVars(
  vars: RunOptions['vars'],
  passwords: readonly VaultPassword[],
): Promise<Readonly<Record<string, unknown>>> {
  const raw = rawFromData(vars ?? {}, { file: 'vars' })
  return isMapping(raw) ? plainVars(raw, passwords) : {}
}

function words(tags: string | readonly string[] = []): readonly string[] {
  const texts = typeof tags === 'string' ? [tags] : tags
  return texts.flatMap((text) => text.split(',')).flatMap((word) => word.trim() || [])
}

function connectionDefaults(options: RunOptions): CommandLineDefaults {
  const { connection, connections: kinds, user, privateKeyFile, timeout, hostKeyChecking } = options
  const { sshArgs, sshCommonArgs, sshExtraArgs } = options
  const password = secretOf(options.password)
  return given({
    ...{ connection, kinds, user, password, privateKeyFile, timeout, hostKeyChecking },
    ...{ sshArgs, sshCommonArgs, sshExtraArgs },
  })
}

function becomeDefaults({ become, becomeUser, becomeMethod, becomePassword }: RunOptions): BecomeDefaults {
  return given({ become, user: becomeUser, method: becomeMethod, password: secretOf(becomePassword) })
}

function secretOf(password: string | Secret | undefined): Secret | undefined {
  return typeof password === 'string' ? new Secret(password) : password
}

/** The options that were given: those that are `undefined` are left out. */
function given<T extends object>(options: T): { readonly [K in keyof T]?: Exclude<T[K], undefined> } {
  const entries = Object.entries(options).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { readonly [K in keyof T]?: Exclude<T[K], undefined> }
}
