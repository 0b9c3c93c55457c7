import type { Client, ClientChannel } from 'ssh2'
import { isOpen, openSession } from './eager.ts'

/** Above this no channel is kept in reserve: sshd takes ten on a connection (MaxSessions). */
const mostWithReserve = 5

/**
 * Channels for commands. One is asked for ahead of need, so that a command need not wait for it: with the login, when `reserve` is called before that is over,
 * and then whenever the one before is taken. A server that allows no such thing is asked again when it is needed.
 */
export class Sessions {
  readonly #client: Client
  #reserve: Promise<ClientChannel> | undefined
  #taken = 0

  constructor(client: Client) {
    this.#client = client
  }

  reserve(): Promise<unknown> | undefined {
    if (this.#reserve !== undefined || this.#taken > mostWithReserve) return undefined
    this.#reserve = openSession(this.#client)
    this.#reserve.catch(() => undefined)
    return this.#reserve
  }

  /** Has the server open a channel now, which shows that it is there. It takes the place of the one in reserve. */
  async renew(): Promise<void> {
    const before = this.#reserve
    this.#reserve = undefined
    await this.reserve()
    void before?.then((channel) => channel.close()).catch(() => undefined)
  }

  async take(): Promise<ClientChannel> {
    this.#taken += 1
    try {
      const channel = await this.#next()
      channel.on('close', () => (this.#taken -= 1))
      return channel
    } catch (error) {
      this.#taken -= 1
      throw error
    }
  }

  async #next(): Promise<ClientChannel> {
    const reserved = this.#reserve
    this.#reserve = undefined
    const first = reserved ?? openSession(this.#client)
    void this.reserve()
    const channel = await first.catch(() => undefined)
    // A server may close a channel that is not used (ChannelTimeout).
    return channel !== undefined && isOpen(channel) ? channel : openSession(this.#client)
  }
}
