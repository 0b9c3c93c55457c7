import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from '../measure/measure.ts'

export interface Run {
  readonly playbook: string
  readonly inventory: string
  readonly forks: number
  /** Seconds it may take. */
  readonly limit: number
}

/** Seconds a login may take, for every tool: a hundred hosts that share two processors answer late. */
export const loginTimeout = 60

const options = ({ inventory, forks }: Run): readonly string[] => [
  ...['-i', inventory, '-f', String(forks), '-T', String(loginTimeout)],
]

/** Nothing that other runs of this user have left, or would find. */
function ownFolders(folder: string): Readonly<Record<string, string>> {
  const runtime = join(folder, 'run')
  mkdirSync(runtime, { recursive: true, mode: 0o700 })
  return { XDG_RUNTIME_DIR: runtime, XDG_CACHE_HOME: join(folder, 'cache') }
}

/** As a user starts it: plain node and the built library of this checkout. */
export const hostwright = (library: string, folder: string, run: Run): Command => ({
  argv: ['node', join(library, 'bin', 'hostwright-playbook.js'), run.playbook, ...options(run)],
  env: ownFolders(folder),
  cwd: library,
  limit: run.limit,
})

/** As somebody starts it who works on a playbook. */
export const throughTsx = (library: string, folder: string, run: Run): Command => ({
  argv: ['npx', 'tsx', run.playbook, ...options(run)],
  env: ownFolders(folder),
  cwd: library,
  limit: run.limit,
})

/** The same run, telling what it asked of the hosts instead of what people read. */
export const tellingCosts = (command: Command): Command => ({
  ...command,
  argv: [...command.argv, '--output', 'json'],
})
