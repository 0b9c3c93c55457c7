import { readFileSync } from 'node:fs'
import { HostwrightError } from '../error.ts'
import { didYouMean } from '../schema/nearest.ts'
import type { Inventory } from './inventory.ts'
import { inputError } from './model.ts'
import { type PatternResult, splitPattern } from './pattern.ts'

/**
 * The patterns of a `--limit`; `@file` stands for the lines of a file, as a retry file has them.
 *
 * @example
 * limitPatterns('web:!web3') // ['web', '!web3']
 */
export function limitPatterns(limit: string): string[] {
  return splitPattern(limit).flatMap((pattern) => (pattern.startsWith('@') ? limitFile(pattern.slice(1)) : [pattern]))
}

/**
 * Those of the hosts that `--limit` leaves, in their order. A limit that fits no host of the inventory is an error; single patterns
 * in it that fit nothing come back as `unmatched`.
 *
 * @example
 * limitHosts(inventory, inventory.match('all').hosts, 'web:!web3') // { hosts: ['web1', 'web2'], unmatched: [] }
 */
export function limitHosts(inventory: Inventory, hosts: readonly string[], limit: string): PatternResult {
  const patterns = limitPatterns(limit)
  const found = patterns.length === 0 ? { hosts, unmatched: [] } : inventory.matchAll(patterns)
  if (found.hosts.length === 0) {
    const names = [...inventory.groups.keys(), ...inventory.hosts]
    const hint = found.unmatched.map((pattern) => didYouMean(pattern, names)).find((text) => text !== '') ?? ''
    throw inputError(
      `--limit ${limit} fits no host of the inventory${hint}`,
      undefined,
      'see the names: hostwright inventory --graph',
    )
  }
  const left = new Set(found.hosts)
  return { hosts: hosts.filter((host) => left.has(host)), unmatched: found.unmatched }
}

function limitFile(file: string): string[] {
  try {
    return readFileSync(file, 'utf8')
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new HostwrightError(`the file of --limit cannot be read: ${reason}`, {
      kind: 'input',
      place: { file },
      next: 'check the path behind @',
      cause,
    })
  }
}
