import type { FileStat } from '../../../host/files/files.ts'
import type { HostReader } from '../../../host/host.ts'
import { sh } from '../../../quote.ts'
import { Unreadable } from '../../../host/unreadable.ts'

/**
 * Was this file changed (written, moved here, given to another) after the server had last read its configuration? Times of files come in whole seconds;
 * where that leaves it open, the host is asked for the fraction.
 *
 * @param stat - of what the path leads to.
 */
export async function newerThanLoad(
  host: HostReader,
  path: string,
  stat: FileStat | undefined,
  loaded: number,
): Promise<boolean> {
  if (loaded === Infinity || stat === undefined) return false
  const changed = Math.max(stat.mtime, stat.ctime ?? 0)
  if (Math.floor(changed) !== Math.floor(loaded)) return changed > loaded
  const { stdout } = await host.ask(sh`find -L ${path} -maxdepth 0 -printf '%C@'`)
  const exact = Number(stdout)
  return stdout.trim() === '' || Number.isNaN(exact) || exact > loaded
}

/** The server's answer, or undefined when no server runs: then only files are compared. */
export async function ifUp<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unreadable && error.what === 'database') return undefined
    throw error
  }
}
