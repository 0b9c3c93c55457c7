import { userInfo } from 'node:os'

/** Who runs us. */
export interface ThisUser {
  readonly username: string
  readonly uid: number
  readonly home: string | undefined
}

/** A container may run us as a user whom its passwd does not know: then the number is all that there is. */
export function thisUser(): ThisUser {
  try {
    const { username, uid, homedir } = userInfo()
    return { username, uid, home: homedir }
  } catch {
    const uid = process.getuid?.() ?? -1
    return { username: String(uid), uid, home: undefined }
  }
}
