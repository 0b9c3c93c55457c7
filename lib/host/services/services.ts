export interface ServiceState {
  readonly name: string
  /** False when the host knows no such unit. */
  readonly known: boolean
  readonly active: boolean
  /** systemd's own words, `active`, `inactive`, `failed`, `activating` … */
  readonly activeState: string
  readonly enabled: boolean
  readonly masked: boolean
  /** The unit file changed after the manager read it. */
  readonly needsReload: boolean
  /** systemd's remaining properties, as `systemctl show` names them. */
  readonly properties: Readonly<Record<string, string>>
}

export interface ServiceReader {
  state(name: string): Promise<ServiceState>
}

export interface ServiceWriter extends ServiceReader {
  start(name: string): Promise<void>
  stop(name: string): Promise<void>
  restart(name: string): Promise<void>
  reload(name: string): Promise<void>
  enable(name: string): Promise<void>
  disable(name: string): Promise<void>
  mask(name: string): Promise<void>
  unmask(name: string): Promise<void>
  daemonReload(): Promise<void>
}
