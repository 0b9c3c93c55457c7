export interface PackageState {
  readonly name: string
  /** The installed version; undefined when it is not (wholly) installed. */
  readonly version?: string
  /** The newest version the host's sources offer; undefined when they have none. Only filled in when asked for. */
  readonly candidate?: string
  /** Left half-installed by an interrupted run: an install repairs it. */
  readonly broken?: boolean
  readonly held?: boolean
}

export interface InstallOptions {
  readonly recommends?: boolean | undefined
  /** Refresh the index first. */
  readonly updateCache?: boolean | undefined
  /** As Debian's policy-rc.d: 101 keeps packages from starting their services; then service tasks decide alone. */
  readonly policyRcD?: number | undefined
  readonly upgrade?: boolean | undefined
}

export interface PackageReader {
  /** The state of each of these (`name` or `name=version`), virtual packages resolved to what provides them; in the order asked. */
  states(names: readonly string[], options?: { readonly candidates?: boolean }): Promise<readonly PackageState[]>
  /** Seconds since the epoch of the last index refresh; 0 when there was none. */
  cacheTime(): Promise<number>
}

export interface PackageWriter extends PackageReader {
  /** All in one transaction. Waits for the package system's lock; first repairs what an interrupted run left. */
  install(names: readonly string[], options?: InstallOptions): Promise<void>
  remove(
    names: readonly string[],
    options?: { readonly purge?: boolean | undefined; readonly autoremove?: boolean | undefined },
  ): Promise<void>
  updateCache(): Promise<void>
}
