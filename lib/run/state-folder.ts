import { existsSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { cacheFolder } from '../cache-folder.ts'
import { ownFolder } from '../own-folder.ts'
import { digest } from '../digest.ts'

export interface StateFolderOptions {
  /** Whether the run may leave handlers to run later. */
  readonly writes: boolean
  readonly warn: (message: string) => void
}

/**
 * The folder for handlers that were notified and have not run. Each inventory has its own: what is owed to its hosts is nothing to those of another that
 * happen to have the same names.
 *
 * @param sources - what the inventory was read from.
 */
export function stateFolder(
  playbookDir: string,
  sources: readonly string[],
  { writes, warn }: StateFolderOptions,
  env: NodeJS.ProcessEnv = process.env,
): string {
  const whole = sources.map((source) => (source.includes(',') ? source : resolve(source))).join('\0')
  const label = basename(sources[0] ?? 'localhost').replace(/[^A-Za-z0-9_.-]/g, '_')
  const name = `${label}-${digest(whole, 8)}`
  const beside = join(playbookDir, '.hostwright')
  const there = existsSync(join(beside, name)) ? ['.hostwright', name] : existsSync(beside) ? ['.hostwright'] : []
  if (!existsSync(playbookDir) || ownFolder(playbookDir, there, false) !== undefined) return join(beside, name)
  // Others who can write there could have handlers forgotten, or redirect what is written.
  const own = cacheFolder(env, ['owed'], writes)
  const noted =
    own === undefined ? 'no note is made of handlers that do not run' : `handlers that do not run are noted in ${own}`
  if (writes) warn(`others can write to ${beside}: ${noted}`)
  return own === undefined ? join(beside, name) : join(own, `${name}-${digest(playbookDir, 8)}`)
}
