import { HostwrightError } from '../../error.ts'

/** The words of an option that is yes or no. */
export const flags: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
])

/** A yes or a no; anything else is refused. */
export function yesNo(name: string, value: string): boolean {
  return flags.get(value.toLowerCase()) ?? refuse(name, value)
}

/** The agent that is named: a socket's path, or a variable that holds one. */
export function agentPath(name: string, value: string): string {
  return value === '' || (value.startsWith('$') && !/^\$(\w+$|\{)/.test(value)) ? refuse(name, value) : value
}

/** A whole number between limits. */
export function whole(name: string, value: string, least = 0, most = 1e9): number {
  const number = /^\d+$/.test(value) ? Number(value) : NaN
  return number >= least && number <= most ? number : refuse(name, value)
}

const units: Readonly<Record<string, number>> = { '': 1, s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** As long as one may stay that is said to stay for ever. */
const longestPersistence = 86_400

/** Seconds, from a time as sshd_config(5) writes it, or from yes and no. */
export function persistence(name: string, value: string): number {
  const word = value.toLowerCase()
  if (word === 'no' || word === 'false') return 0
  if (word === 'yes' || word === 'true' || word === '0') return longestPersistence
  const parts = [...word.matchAll(/(\d+)([smhdw]?)/g)]
  if (parts.length === 0 || parts.map(([all]) => all).join('') !== word) return refuse(name, value)
  const seconds = parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (units[unit] ?? 1), 0)
  return Math.min(seconds, longestPersistence)
}

/** A value that the option cannot have. */
export function refuse(name: string, value: string): never {
  throw new HostwrightError(`the ssh option ${name} cannot be ${JSON.stringify(value)}`, {
    kind: 'input',
    next: 'see `man ssh_config` for its values',
  })
}
