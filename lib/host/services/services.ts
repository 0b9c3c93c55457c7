export interface ServiceState {
  /** As it was asked for. */
  readonly name: string
  /** False when the host knows no such unit. */
  readonly known: boolean
  /** It runs, or is on its way there; a unit that dies and is restarted again and again is not. */
  readonly active: boolean
  /** systemd's own words, `active`, `inactive`, `failed`, `activating` … */
  readonly activeState: string
  readonly enabled: boolean
  /** Can be enabled and disabled; static and generated units cannot. */
  readonly enableable: boolean
  readonly masked: boolean
  /** The unit file changed after the manager read it. */
  readonly needsReload: boolean
  /** systemd's remaining properties, as `systemctl show` names them. */
  readonly properties: Readonly<Record<string, string>>
}

export interface ServiceReader {
  state(name: string): Promise<ServiceState>
  /** The names of all units the host has files of, for "did you mean". */
  units(): Promise<readonly string[]>
  /** Did any unit file or setting of systemd's change after the manager read them? */
  managerNeedsReload(): Promise<boolean>
}

export interface JobOptions {
  /** Do not wait until it is done, nor learn how it went. */
  readonly noBlock?: boolean | undefined
}

export interface ServiceWriter extends ServiceReader {
  start(name: string, options?: JobOptions): Promise<void>
  stop(name: string, options?: JobOptions): Promise<void>
  restart(name: string, options?: JobOptions): Promise<void>
  reload(name: string, options?: JobOptions): Promise<void>
  enable(name: string): Promise<void>
  disable(name: string): Promise<void>
  mask(name: string): Promise<void>
  unmask(name: string): Promise<void>
  daemonReload(): Promise<void>
}
