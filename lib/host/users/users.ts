export interface UserState {
  readonly name: string
  readonly uid: number
  readonly gid: number
  /** The name of the primary group. */
  readonly group: string
  /** Names of supplementary groups, sorted. */
  readonly groups: readonly string[]
  readonly comment: string
  readonly home: string
  readonly shell: string
  /** The password field of the shadow file; undefined when it may not be read. */
  readonly passwordHash?: string
  /** Days since the epoch when the account expires; undefined for never. */
  readonly expires?: number
}

/** The number of a user or group that a simulated run would have made: only the host will know it. */
export const unknownId = -1

export interface GroupState {
  readonly name: string
  readonly gid: number
  readonly members: readonly string[]
}

/** What an account is to be; what is undefined stays as it is, or is the host's default for a new one. */
export interface WantedUser {
  readonly uid?: number | undefined
  readonly group?: string | undefined
  readonly groups?: readonly string[] | undefined
  readonly comment?: string | undefined
  readonly home?: string | undefined
  readonly shell?: string | undefined
  readonly passwordHash?: string | undefined
  readonly system?: boolean | undefined
  readonly createHome?: boolean | undefined
  readonly moveHome?: boolean | undefined
  /** Days since the epoch; -1 for never. */
  readonly expires?: number | undefined
  readonly locked?: boolean | undefined
  /** Several accounts may share the uid. */
  readonly nonUnique?: boolean | undefined
  /** A folder whose files go into a new home. */
  readonly skeleton?: string | undefined
}

export interface UserReader {
  user(name: string): Promise<UserState | undefined>
  group(name: string): Promise<GroupState | undefined>
}

export interface UserWriter extends UserReader {
  createUser(name: string, wanted: WantedUser): Promise<void>
  changeUser(name: string, wanted: WantedUser): Promise<void>
  removeUser(name: string, options?: { readonly removeHome?: boolean; readonly force?: boolean }): Promise<void>
  createGroup(name: string, options?: GroupOptions): Promise<void>
  changeGroup(name: string, options: GroupOptions & { readonly gid: number }): Promise<void>
  removeGroup(name: string, options?: { readonly force?: boolean }): Promise<void>
}

export interface GroupOptions {
  readonly gid?: number | undefined
  readonly system?: boolean | undefined
  readonly nonUnique?: boolean | undefined
}
