/** A user as the host has it. */
export interface UserState {
  /** The login name. */
  readonly name: string
  /** The number of the user. */
  readonly uid: number
  /** The number of the primary group. */
  readonly gid: number
  /** The name of the primary group. */
  readonly group: string
  /** Names of supplementary groups, sorted. */
  readonly groups: readonly string[]
  /** The full name or another comment (the GECOS field). */
  readonly comment: string
  /** The home directory. */
  readonly home: string
  /** The login shell. */
  readonly shell: string
  /** The password field of the shadow file; undefined when it may not be read. */
  readonly passwordHash?: string
  /** Days since the epoch when the account expires; undefined for never. */
  readonly expires?: number
}

/** The number of a user or group that a simulated run would have made: only the host will know it. */
export const unknownId = -1

/** A group as the host has it. */
export interface GroupState {
  /** Its name. */
  readonly name: string
  /** Its number. */
  readonly gid: number
  /** The names of the users who have it as a supplementary group. */
  readonly members: readonly string[]
}

/** What an account is to be; what is undefined stays as it is, or is the host's default for a new one. */
export interface WantedUser {
  /** The number of the user. */
  readonly uid?: number | undefined
  /** The primary group, by name or by number as text. */
  readonly group?: string | undefined
  /** The supplementary groups, by name. */
  readonly groups?: readonly string[] | undefined
  /** The full name or another comment (the GECOS field). */
  readonly comment?: string | undefined
  /** The home directory. */
  readonly home?: string | undefined
  /** The login shell. */
  readonly shell?: string | undefined
  /** The password as the shadow file has it: `$6$…`. */
  readonly passwordHash?: string | undefined
  /** A new user gets a number for system users. */
  readonly system?: boolean | undefined
  /** Make the home directory of a new user. */
  readonly createHome?: boolean | undefined
  /** Move the files of the old home directory to the new one. */
  readonly moveHome?: boolean | undefined
  /** Days since the epoch; -1 for never. */
  readonly expires?: number | undefined
  /** Nobody can log in with the password. */
  readonly locked?: boolean | undefined
  /** Several accounts may share the uid. */
  readonly nonUnique?: boolean | undefined
  /** A folder whose files go into a new home. */
  readonly skeleton?: string | undefined
}

/** The users and groups of a host, to read. */
export interface UserReader {
  /** The user of this name; undefined when there is none. */
  user(name: string): Promise<UserState | undefined>
  /** The group of this name; undefined when there is none. */
  group(name: string): Promise<GroupState | undefined>
}

/** The users and groups of a host, to read and to change. */
export interface UserWriter extends UserReader {
  /** Makes a user. */
  createUser(name: string, wanted: WantedUser): Promise<void>
  /** Changes a user; what is undefined stays as it is. */
  changeUser(name: string, wanted: WantedUser): Promise<void>
  /** Removes a user; with `removeHome` the home directory too, with `force` also while the user is logged in. */
  removeUser(name: string, options?: { readonly removeHome?: boolean; readonly force?: boolean }): Promise<void>
  /** Makes a group. */
  createGroup(name: string, options?: GroupOptions): Promise<void>
  /** Gives a group another number. */
  changeGroup(name: string, options: GroupOptions & { readonly gid: number }): Promise<void>
  /** Removes a group; with `force` also one that is a user's primary group. */
  removeGroup(name: string, options?: { readonly force?: boolean }): Promise<void>
}

/** What a group is to be; what is undefined stays as it is, or is the host's default for a new one. */
export interface GroupOptions {
  /** Its number. */
  readonly gid?: number | undefined
  /** A new group gets a number for system groups. */
  readonly system?: boolean | undefined
  /** Several groups may share the number. */
  readonly nonUnique?: boolean | undefined
}
