/** A service as it is now. */
export interface ServiceState {
  /** As it was asked for. */
  readonly name: string
  /** False when the host knows no such unit. */
  readonly known: boolean
  /** It runs, or is on its way there; a unit that dies and is restarted again and again is not. */
  readonly active: boolean
  /** systemd's own words, `active`, `inactive`, `failed`, `activating` … */
  readonly activeState: string
  /** It starts with the machine. */
  readonly enabled: boolean
  /** Can be enabled and disabled; static and generated units cannot. */
  readonly enableable: boolean
  /** It cannot be started, by hand or by others (`systemctl mask`). */
  readonly masked: boolean
  /** The unit file changed after the manager read it. */
  readonly needsReload: boolean
  /** systemd's remaining properties, as `systemctl show` names them. */
  readonly properties: Readonly<Record<string, string>>
}

/** The services of a host, to read. */
export interface ServiceReader {
  /** A service as it is now; `known` is false when the host has none of that name. */
  state(name: string): Promise<ServiceState>
  /** The names of all units the host has files of, for "did you mean". */
  units(): Promise<readonly string[]>
  /** Did any unit file or setting of systemd's change after the manager read them? */
  managerNeedsReload(): Promise<boolean>
}

/** How a service is started or stopped. */
export interface JobOptions {
  /** Do not wait until it is done, nor learn how it went. */
  readonly noBlock?: boolean | undefined
}

/** The services of a host, to read and to change. Each method waits until the job is done, and throws when it fails. */
export interface ServiceWriter extends ServiceReader {
  /** Starts the service. */
  start(name: string, options?: JobOptions): Promise<void>
  /** Stops the service. */
  stop(name: string, options?: JobOptions): Promise<void>
  /** Stops and starts the service. */
  restart(name: string, options?: JobOptions): Promise<void>
  /** Has the service read its configuration again. */
  reload(name: string, options?: JobOptions): Promise<void>
  /** Has the service start with the machine. */
  enable(name: string): Promise<void>
  /** Has the service no longer start with the machine. */
  disable(name: string): Promise<void>
  /** Makes it impossible to start the service. */
  mask(name: string): Promise<void>
  /** Makes it possible again to start the service. */
  unmask(name: string): Promise<void>
  /** Has systemd read all unit files again. */
  daemonReload(): Promise<void>
}
