import { setTimeout as sleep } from 'node:timers/promises'
import { HostwrightError } from '../../lib/error.ts'
import type { HostReader } from '../../lib/host/host.ts'
import type { PostgresReader, PostgresWriter } from '../../lib/host/postgres/postgres.ts'
import { sh } from '../../lib/quote.ts'
import { Unreadable } from '../../lib/host/unreadable.ts'

/**
 * Was this file changed (written, moved here, given to another) after the server had last read its configuration? Times of files come in whole seconds;
 * where that leaves it open, the host is asked for the fraction.
 */
export async function newerThanLoad(host: HostReader, path: string, loaded: number): Promise<boolean> {
  const stat = await host.files.stat(path, { follow: true })
  if (stat === undefined) return false
  const changed = Math.max(stat.mtime, stat.ctime ?? 0)
  if (Math.floor(changed) !== Math.floor(loaded)) return changed > loaded
  const { stdout } = await host.ask(sh`find -L ${path} -maxdepth 0 -printf '%C@'`)
  const exact = Number(stdout)
  return stdout.trim() === '' || Number.isNaN(exact) || exact > loaded
}

/** When the server last read its configuration, in seconds since the epoch. */
export async function loadTime(server: PostgresReader): Promise<number> {
  const [row] = await server.query<{ loaded: number }>(
    `SELECT extract(epoch FROM pg_conf_load_time())::float8 AS loaded`,
  )
  return row?.loaded ?? 0
}

/**
 * Has the server read its configuration files again, and waits until it has.
 *
 * @returns whether it did; a simulated server does not.
 */
export async function reload(host: string, server: PostgresWriter): Promise<boolean> {
  const before = await loadTime(server)
  const [row] = await server.execute('SELECT pg_reload_conf() AS told', undefined, {
    kind: 'database',
    name: 'configuration',
  })
  if (row?.['told'] !== true) return false
  for (const end = Date.now() + 10_000; Date.now() < end; await sleep(20))
    if ((await loadTime(server)) > before) return true
  throw new HostwrightError('the server was told to read its configuration again, and has not within 10 seconds', {
    host,
    next: 'read its log; a broken file makes it keep the old settings',
  })
}

/** What is asked of a server, or undefined when none answers: then files alone are judged. */
export async function ifUp<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work
  } catch (error) {
    if (error instanceof Unreadable && error.what === 'database') return undefined
    throw error
  }
}
