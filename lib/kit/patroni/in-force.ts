import { setTimeout as sleep } from 'node:timers/promises'
import type { HostReader } from '../../host/host.ts'
import { get } from '../http/client.ts'
import { objectIn, rootOf, type Member } from './cluster.ts'

/** What a member's Patroni says of itself. */
interface Own {
  readonly name: string
  /** When it last read the store, in seconds since the epoch. */
  readonly seen: number
  readonly pending: boolean
}

/** Those that do not answer are left out: they read the configuration when they start. */
async function ownWords(host: HostReader, members: readonly Member[]): Promise<readonly Own[]> {
  const said = await get(
    host,
    members.map((member) => ({ url: `${rootOf(member)}/patroni` })),
  )
  return members.flatMap(({ name }, i) => {
    const body = objectIn(said[i] ?? { body: '' })
    return body === undefined
      ? []
      : [{ name, seen: Number(body['dcs_last_seen'] ?? 0), pending: body['pending_restart'] === true }]
  })
}

/**
 * Waits until each member has read the store after now, and so knows a configuration that was just put there.
 *
 * @returns the names of those that need a restart for it.
 */
export async function pendingOnceRead(
  host: HostReader,
  members: readonly Member[],
  seconds: number,
): Promise<readonly string[]> {
  const before = new Map((await ownWords(host, members)).map(({ name, seen }) => [name, seen]))
  for (const end = Date.now() + seconds * 1000; Date.now() < end;) {
    await sleep(1000)
    const waiting = (await ownWords(host, members)).filter(({ name, seen }) => seen <= (before.get(name) ?? 0))
    if (waiting.length === 0) break
    host.progress(`not yet read by ${waiting.map(({ name }) => name).join(', ')}`)
  }
  // Each asks its server about the settings after it has read them.
  await sleep(2000)
  return (await ownWords(host, members)).filter(({ pending }) => pending).map(({ name }) => name)
}
