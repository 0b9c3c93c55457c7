import type { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { ended, type Ending } from '../../connection/wire/ending.ts'

/** Seconds that a server has to cancel what it was asked. */
const patience = 5

/** How a server knows a session: what it said when that began. */
export interface BackendKey {
  readonly processID: number
  readonly secretKey: number
}

/**
 * Has the server cancel the statements of a session until none is left; undefined when there is none. Closing the connection is not enough: a server notices that when
 * it next writes to it, which may be hours later.
 *
 * @see https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-CANCELING-REQUESTS
 */
export async function cancelStatements(
  asked: ReadonlySet<Promise<unknown>>,
  key: BackendKey,
  open: () => Promise<Duplex>,
): Promise<Ending | undefined> {
  if (asked.size === 0) return undefined
  const unseen = (why: string): Ending => ({ is: 'unseen', what: 'a statement', why })
  for (const end = Date.now() + patience * 1000; Date.now() < end;) {
    const [current] = asked
    if (current === undefined) return ended
    try {
      const stream = await open()
      stream.on('error', () => undefined).resume()
      stream.end(cancelRequest(key))
      await Promise.race([current.catch(() => undefined), sleep(1000)])
      stream.destroy()
    } catch (error) {
      return unseen(error instanceof Error ? error.message : String(error))
    }
  }
  return asked.size === 0 ? ended : unseen('the server has not cancelled it')
}

function cancelRequest({ processID, secretKey }: BackendKey): Buffer {
  const message = Buffer.alloc(16)
  for (const [i, number] of [16, 80_877_102, processID, secretKey].entries()) message.writeInt32BE(number, 4 * i)
  return message
}
