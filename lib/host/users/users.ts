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
  readonly expires?: number | undefined
}

export interface UserReader {
  user(name: string): Promise<UserState | undefined>
  group(name: string): Promise<GroupState | undefined>
}

export interface UserWriter extends UserReader {
  createUser(name: string, wanted: WantedUser): Promise<void>
  changeUser(name: string, wanted: WantedUser): Promise<void>
  removeUser(name: string, options?: { readonly removeHome?: boolean; readonly force?: boolean }): Promise<void>
  createGroup(
    name: string,
    options?: { readonly gid?: number | undefined; readonly system?: boolean | undefined },
  ): Promise<void>
  changeGroup(name: string, options: { readonly gid: number }): Promise<void>
  removeGroup(name: string): Promise<void>
}
