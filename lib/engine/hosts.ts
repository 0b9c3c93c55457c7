import { becomeSettings, connect, connectionSettings } from '../connection/index.ts'
import type { Become, Connection } from '../connection/connection.ts'
import { asHostwrightError } from '../error.ts'
import { Ledger } from '../host/ledger.ts'
import type { Host } from '../host/host.ts'
import { openHost, type RealHost } from '../host/real.ts'
import { simulateHost, type SimulatedHost } from '../host/simulated.ts'
import type { BecomeOptions } from '../play/data.ts'
import type { BecomeDefaults, ConnectionOptions } from './settings.ts'
import { memo, type Vars } from './vars.ts'

/** Who a task runs as on which host. */
export interface Seat {
  readonly host: string
  readonly vars: Vars
  readonly become: BecomeOptions
}

/**
 * The hosts of a run: a connection each, opened when first needed, and on it one seat for each user tasks run as. In check mode each host has its simulation.
 */
export class Hosts {
  readonly ledger = new Ledger()
  readonly #connections = new Map<string, Promise<Connection>>()
  readonly #seats = new Map<string, Promise<RealHost>>()
  readonly #simulated = memo((name: string): SimulatedHost => simulateHost(name, this.ledger))
  readonly #connection: ConnectionOptions
  readonly #become: BecomeDefaults
  #closed = false

  constructor(connection: ConnectionOptions, become: BecomeDefaults) {
    this.#connection = connection
    this.#become = become
  }

  /** The host as a task sees it; `simulate` names the task in check mode. */
  async take(seat: Seat, progress: (line: string) => void, simulate: string | undefined): Promise<Host> {
    const real = (await this.#seat(seat)).watchedBy(progress)
    return simulate === undefined ? real : this.#simulated(seat.host).forTask(simulate, real)
  }

  /**
   * Connects ahead of need, so that hosts of later plays are connected to side by side with the first play's work. A host that is not there yet is tried again
   * when a task needs it.
   */
  warm(seat: Seat): void {
    if (this.#connections.has(seat.host)) return
    this.#seat(seat, true).catch(() => undefined)
    // A connection that is there stays in the list, whoever could not be become on it: what is not in the list is never closed, and the run would not end.
    this.#connections.get(seat.host)?.catch(() => this.#connections.delete(seat.host))
  }

  requests(): Promise<Readonly<Record<string, number>>> {
    const counts = [...this.#connections].map(async ([name, connection]) =>
      connection.then(
        (open): [string, number] => [name, open.requests],
        (): [string, number] => [name, 0],
      ),
    )
    return Promise.all(counts).then((entries) => Object.fromEntries(entries))
  }

  /** Closes everything; what is under way on the wire is cut off. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.allSettled([...this.#seats.values()].map(async (seat) => (await seat).close()))
    await Promise.allSettled([...this.#connections.values()].map(async (connection) => (await connection).close()))
  }

  #seat(seat: Seat, warm = false): Promise<RealHost> {
    const become = this.#becomeOf(seat)
    const key = `${seat.host}\0${become === undefined ? '' : `${become.method}:${become.user}`}`
    const known = this.#seats.get(key)
    if (known !== undefined) return known
    const opened = this.#open(seat).then((connection) => openHost(connection, become))
    this.#seats.set(key, opened)
    // A lost connection stays lost; a user who could not be become may be there for a later task.
    opened.catch((error: unknown) => {
      if (warm || asHostwrightError(error).kind !== 'unreachable') this.#seats.delete(key)
    })
    return opened
  }

  #open({ host, vars }: Seat): Promise<Connection> {
    const known = this.#connections.get(host)
    if (known !== undefined) return known
    const opened = this.#connect(host, vars)
    this.#connections.set(host, opened)
    return opened
  }

  async #connect(host: string, vars: Vars): Promise<Connection> {
    if (this.#closed) throw asHostwrightError(new Error('the run was ended'), { kind: 'unreachable', host })
    try {
      return await connect(connectionSettings(host, vars, this.#connection))
    } catch (error) {
      throw asHostwrightError(error, { kind: 'unreachable', host })
    }
  }

  /** The inventory's `ansible_become…` variables win over the keywords of task and play, and those over the command line. */
  #becomeOf({ vars, become }: Seat): Become | undefined {
    const keywords = {
      ansible_become: become.become ?? this.#become.become ?? false,
      ansible_become_user: become.become_user ?? this.#become.user ?? 'root',
      ansible_become_method: become.become_method ?? this.#become.method ?? 'sudo',
      ...(this.#become.password === undefined ? {} : { ansible_become_password: this.#become.password }),
    }
    const settings = becomeSettings({ ...keywords, ...vars })
    if (!settings.become) return undefined
    return {
      method: settings.method,
      user: settings.user,
      ...(settings.password === undefined ? {} : { password: settings.password }),
    }
  }
}
