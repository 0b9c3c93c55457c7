import { join } from 'node:path'
import type { Command } from '../measure/measure.ts'

export interface Run {
  readonly playbook: string
  readonly inventory: string
  readonly forks: number
  /** Seconds it may take. */
  readonly limit: number
}

/** As a user starts it: plain node and the built library of this checkout. */
export const hostwright = (library: string, { playbook, inventory, forks, limit }: Run): Command => ({
  argv: ['node', join(library, 'bin', 'hostwright-playbook.js'), playbook, '-i', inventory, '-f', String(forks)],
  cwd: library,
  limit,
})

/** As somebody starts it who works on a playbook. */
export const throughTsx = (library: string, { playbook, inventory, forks, limit }: Run): Command => ({
  argv: ['npx', 'tsx', playbook, '-i', inventory, '-f', String(forks)],
  cwd: library,
  limit,
})

/** The same run, telling what it asked of the hosts instead of what people read. */
export const tellingCosts = (command: Command): Command => ({
  ...command,
  argv: [...command.argv, '--output', 'json'],
})
