/** A package as the host has it. */
export interface PackageState {
  /** The package itself: for a virtual one, what provides it; without the version that was asked for. */
  readonly name: string
  /** The installed version; undefined when it is not (wholly) installed. */
  readonly version?: string
  /** The newest version the host's sources offer (and that was asked for); undefined when they have none. Only filled in when asked for. */
  readonly candidate?: string
  /** Left half-installed by an interrupted run: an install repairs it. */
  readonly broken?: boolean
  /** It is on hold: neither upgraded nor removed. */
  readonly held?: boolean
  /** Removed, but its configuration files are still there: a purge removes them. */
  readonly residual?: boolean
  /** Who could provide a virtual package of which nothing is installed. Only filled in when candidates are asked for. */
  readonly providers?: readonly string[]
}

/** Options of a question about packages. */
export interface StatesOptions {
  /** Look for the versions that the host's sources offer. */
  readonly candidates?: boolean | undefined
  /** Prefer the versions of this release, as `apt-get -t` does. */
  readonly defaultRelease?: string | undefined
  /** Judge the candidates by a fresh index, fetched into a folder of its own: the host's index stays as it is. */
  readonly fresh?: boolean | undefined
}

/** How packages are installed. What is undefined is as the host's package manager has it. */
export interface InstallOptions {
  /** Install recommended packages too. */
  readonly recommends?: boolean | undefined
  /** Refresh the index first. */
  readonly updateCache?: boolean | undefined
  /** As Debian's policy-rc.d: 101 keeps packages from starting their services; then service tasks decide alone. */
  readonly policyRcD?: number | undefined
  /** Bring packages that are installed to the newest version. */
  readonly upgrade?: boolean | undefined
  /** Prefer the versions of this release, as `apt-get -t` does. */
  readonly defaultRelease?: string | undefined
  /** Permit an older version than the installed one. */
  readonly allowDowngrade?: boolean | undefined
  /** Permit changes of packages on hold. */
  readonly allowHeld?: boolean | undefined
  /** Permit packages whose source is not signed. */
  readonly allowUnauthenticated?: boolean | undefined
  /** Remove what was installed for others and is needed no more. */
  readonly autoremove?: boolean | undefined
  /** dpkg's options without dashes; `force-confdef` and `force-confold` by default. */
  readonly dpkgOptions?: readonly string[] | undefined
  /** Seconds to wait for another process that holds the lock; 300 by default. */
  readonly lockTimeout?: number | undefined
}

/** How packages are removed. */
export type RemoveOptions = Pick<
  InstallOptions,
  'autoremove' | 'policyRcD' | 'dpkgOptions' | 'lockTimeout' | 'allowHeld'
> & {
  /** Remove their configuration files too. */
  readonly purge?: boolean | undefined
}

/** The packages of a host, to read. */
export interface PackageReader {
  /** The state of each of these (`name` or `name=version`), virtual packages resolved to what provides them; in the order asked. */
  states(names: readonly string[], options?: StatesOptions): Promise<readonly PackageState[]>
  /** Seconds since the epoch of the last index refresh; 0 when there was none, or the sources have changed since. */
  cacheTime(): Promise<number>
  /** All names that begin so, for "did you mean". */
  names(prefix: string): Promise<readonly string[]>
  /** What an `autoremove` would remove now. */
  removable(): Promise<readonly string[]>
}

/** The packages of a host, to read and to change. */
export interface PackageWriter extends PackageReader {
  /** All in one transaction. Waits for the package system's lock; first repairs what an interrupted run left. */
  install(names: readonly string[], options?: InstallOptions): Promise<void>
  /** With no names it only removes what nothing needs any more, if `autoremove` says so. */
  remove(names: readonly string[], options?: RemoveOptions): Promise<void>
  /** Fetches the index of the host's sources. */
  updateCache(): Promise<void>
}
