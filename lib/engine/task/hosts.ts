import { defined } from '../../defined.ts'
import { becomeSettings, connect, connectionSettings, type CommandLineDefaults } from '../../connection/index.ts'
import type { Become, Connection } from '../../connection/connection.ts'
import type { Cut } from '../../connection/wire/cut.ts'
import type { Ending } from '../../connection/wire/ending.ts'
import { asHostwrightError } from '../../error.ts'
import { PendingEffects } from '../../host/pending-effects.ts'
import type { Host } from '../../host/host.ts'
import { openHost, type RealHost } from '../../host/real.ts'
import type { BecomeOptions } from '../../play/data.ts'
import type { BecomeDefaults } from '../prepare/settings.ts'
import { Targets } from './targets.ts'
import { memo, type Vars } from '../prepare/vars.ts'

/** Who a task runs as on which host. */
export interface Seat {
  readonly host: string
  readonly vars: Vars
  readonly become: BecomeOptions
}

/** How many requests a run sent to a host. */
export interface Sent {
  readonly requests: number
  readonly roundTrips: number
}

/** How a task takes a host. */
export interface Taking {
  readonly progress: (line: string) => void
  /** Ends what runs for the task. */
  readonly cut?: Cut | undefined
  /** The name of the task, in check mode. */
  readonly simulate?: string | undefined
  /** Answers are remembered until something changes. */
  readonly remember: boolean
  /** Ahead of its turn: a host that is not there yet is tried again when a task needs it. */
  readonly ahead?: boolean
}

/**
 * The hosts of a run: a connection each, opened when first needed, and on it one seat for each user tasks run as. In check mode each host has its simulation.
 */
export class Hosts {
  readonly pendingEffects = new PendingEffects()
  readonly targets = new Targets()
  readonly #connections = new Map<string, Promise<Connection>>()
  readonly #seats = new Map<string, Promise<RealHost>>()
  /** Each with the name of its host. */
  readonly #open = new Map<RealHost, string>()
  readonly #simulated = memo(async (name: string) => {
    // Loaded by check mode only.
    const { simulateHost } = await import('../../host/simulated.ts')
    return simulateHost(name, this.pendingEffects)
  })
  readonly #options: CommandLineDefaults
  readonly #become: BecomeDefaults
  readonly #reached = new Map<string, Connection>()
  #closed = false
  #endings: Promise<ReadonlyMap<string, readonly Ending[]>> | undefined

  constructor(connection: CommandLineDefaults, become: BecomeDefaults) {
    this.#options = connection
    this.#become = become
  }

  /** The host as a task sees it. */
  async take(seat: Seat, { progress, cut, simulate, remember, ahead = false }: Taking): Promise<Host> {
    const open = await this.#seat(seat, ahead)
    const real = remember ? remembering(open, progress, cut) : open.watchedBy(progress, cut)
    return simulate === undefined ? real : (await this.#simulated(seat.host)).forTask(simulate, real)
  }

  /** Connects early, so that hosts of later plays are ready while the first play runs. */
  warm(seat: Seat): void {
    if (!this.#connections.has(seat.host)) this.#seat(seat, true).catch(() => undefined)
  }

  /** Something changes, or may have changed: every host is read again. */
  forget(): void {
    for (const open of this.#open.keys()) open.forget()
  }

  /** What each host was sent, as far as it was reached. */
  async sent(): Promise<Readonly<Record<string, Sent>>> {
    const entries = [...this.#connections].map(async ([name, connection]): Promise<[string, Sent]> => {
      const { requests, roundTrips } = await connection.catch(() => ({ requests: 0, roundTrips: 0 }))
      return [name, { requests, roundTrips }]
    })
    return Object.fromEntries(await Promise.all(entries))
  }

  /** Ends the programs that run on the hosts, and lets no new ones start. @returns how they ended, by host. */
  cutShort(): Promise<ReadonlyMap<string, readonly Ending[]>> {
    this.#endings ??= this.#endAll()
    return this.#endings
  }

  async #endAll(): Promise<ReadonlyMap<string, readonly Ending[]>> {
    this.#closed = true
    const all = [...this.#reached].map(async ([host, connection]) => {
      const seats = [...this.#open].filter(([, name]) => name === host)
      // Servers come first: they are asked over the connection, which takes no requests once it is being cut short.
      const statements = await Promise.all(seats.map(([open]) => open.cutShort()))
      return [host, [...statements.flat(), ...(await connection.cutShort())]] as const
    })
    return new Map(await Promise.all(all))
  }

  /** Closes all connections. Requests that still run are cut off. */
  async close(): Promise<void> {
    this.#closed = true
    const all = [...this.#seats.values(), ...this.#connections.values()]
    await Promise.allSettled(all.map(async (one) => (await one).close()))
  }

  #seat(seat: Seat, ahead: boolean): Promise<RealHost> {
    const become = this.#becomeOf(seat)
    const key = `${seat.host}\0${become === undefined ? '' : `${become.method}:${become.user}`}`
    const known = this.#seats.get(key)
    if (known !== undefined) return known
    const opened = this.#connection(seat, ahead).then((connection) => openHost(connection, become))
    this.#seats.set(key, opened)
    opened.then(
      (open) => this.#open.set(open, seat.host),
      (error: unknown) => {
        // A lost connection stays lost, unless it was tried ahead of need; a user who could not be become may be there for a later task.
        if (ahead || asHostwrightError(error).kind !== 'unreachable') this.#seats.delete(key)
      },
    )
    return opened
  }

  #connection({ host, vars }: Seat, ahead: boolean): Promise<Connection> {
    const known = this.#connections.get(host)
    if (known !== undefined) return known
    const opened = this.#connect(host, vars)
    this.#connections.set(host, opened)
    if (ahead) opened.catch(() => this.#connections.delete(host))
    return opened
  }

  async #connect(host: string, vars: Vars): Promise<Connection> {
    if (this.#closed) throw asHostwrightError(new Error('the run was ended'), { kind: 'unreachable', host })
    try {
      const connection = await connect(connectionSettings(host, vars, this.#options))
      this.#reached.set(host, connection)
      // The run was ended while this connection was opening: it is ended here.
      if (this.#endings !== undefined) await connection.cutShort()
      return connection
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
      ...defined({ ansible_become_password: this.#become.password }),
    }
    const settings = becomeSettings({ ...keywords, ...vars })
    if (!settings.become) return undefined
    return {
      method: settings.method,
      user: settings.user,
      ...defined({ password: settings.password }),
    }
  }
}

/** Questions to files, packages and the like are shared by all tasks; others are the task's own, and can be ended. */
function remembering({ remembering, watchedBy }: RealHost, progress: Taking['progress'], cut: Cut | undefined): Host {
  if (cut === undefined) return { ...remembering, progress }
  const { ask, postgres } = watchedBy(progress, cut)
  return { ...remembering, progress, ask, postgres }
}
