import { parseAddress } from './address.ts'
import { globPattern } from '../regexp/glob.ts'
import { pythonPattern } from './python-pattern.ts'
import { type GroupNode, hostsBelow, inputError } from './model.ts'

/** What a pattern selects, in order, and the single patterns of it that fit neither a group nor a host. */
export interface PatternResult {
  /** The hosts, in inventory order. */
  readonly hosts: readonly string[]
  /** The parts of the pattern that no host or group has the name of. */
  readonly unmatched: readonly string[]
}

/** The groups and hosts that patterns choose from. */
export interface Choice {
  readonly groups: ReadonlyMap<string, GroupNode>
  readonly hosts: ReadonlyMap<string, unknown>
  /** The host that a name of this very machine means. */
  local(name: string): string | undefined
}

const subscript = /^(.+)\[(?:(-?[0-9]+)|([0-9]+)[:-]([0-9]*))\]$/s

/**
 * A host pattern split at its commas, or at its colons where these are no part of an address or range.
 *
 * @example
 * splitPattern('web:&prod:!web3') // ['web', '&prod', '!web3']
 */
export function splitPattern(pattern: string): string[] {
  const parts = pattern.includes(',')
    ? pattern.split(',')
    : parseAddress(pattern) !== undefined
      ? [pattern]
      : (pattern.match(/(?:[^\s:[\]]|\[[^\]]*\])+/g) ?? [])
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** What single patterns select together: first the plain ones, then those with `&`, then those with `!`. */
export function matchPatterns(patterns: readonly string[], choice: Choice): PatternResult {
  const unmatched = new Set<string>()
  const of = (pattern: string): string[] => {
    const found = matchOne(pattern, choice)
    if (found === undefined) unmatched.add(pattern)
    return found ?? []
  }
  const given = patterns.filter((pattern) => pattern !== '')
  const named = given.filter((pattern) => choice.hosts.has(pattern) || !/^[&!]/.test(pattern))
  const chosen = new Set<string>()
  const others = given.filter((pattern) => !named.includes(pattern))
  // Only exclusions and intersections: they work on everything.
  for (const pattern of named.length === 0 ? ['all'] : named)
    for (const host of choice.hosts.has(pattern) ? [pattern] : of(pattern)) chosen.add(host)
  for (const sign of ['&', '!'])
    for (const pattern of others.filter((each) => each.startsWith(sign))) {
      const those = new Set(of(pattern.slice(1)))
      for (const host of [...chosen]) if (those.has(host) !== (sign === '&')) chosen.delete(host)
    }
  return { hosts: [...chosen], unmatched: [...unmatched] }
}

/** The hosts of one pattern without a sign; undefined if it fits nothing. */
function matchOne(pattern: string, choice: Choice): string[] | undefined {
  if (pattern === '') throw inputError('a host pattern is only a sign', undefined, 'write a name behind & or !')
  const found = pattern.startsWith('~') ? null : subscript.exec(pattern)
  const base = found?.[1] ?? pattern
  const hosts = candidates(base, choice)
  if (hosts === undefined || hosts.length === 0 || found === null) return hosts
  const [, , index, start, end] = found
  if (index !== undefined || end === '0') {
    // The upper end 0 counts as none, as in Ansible.
    const host = hosts.at(Number(index ?? start))
    if (host !== undefined) return [host]
    throw inputError(
      `${pattern} is beyond the end: ${base} has ${hosts.length} hosts`,
      undefined,
      'the first is [0], the last [-1]',
    )
  }
  return hosts.slice(Number(start), end === '' ? undefined : Number(end) + 1)
}

function candidates(pattern: string, choice: Choice): string[] | undefined {
  const { groups, hosts } = choice
  const expression = pattern.startsWith('~') ? pythonPattern(pattern.slice(1)) : globPattern(pattern)
  if (expression === undefined)
    throw inputError(`the host pattern ${pattern} is no regular expression`, undefined, 'check its brackets')
  const found = new Set<string>()
  const fitting = [...groups.values()].filter((group) => expression.test(group.name))
  for (const group of fitting) for (const host of hostsBelow(group)) found.add(host.name)
  if (fitting.length === 0 || pattern.startsWith('~') || /[.?*[]/.test(pattern))
    for (const host of hosts.keys()) if (expression.test(host)) found.add(host)
  const local = found.size === 0 ? choice.local(pattern) : undefined
  if (local !== undefined) found.add(local)
  return found.size === 0 && fitting.length === 0 && pattern !== 'all' ? undefined : [...found]
}
