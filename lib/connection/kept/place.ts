import { lstatSync, mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { dirname, join } from 'node:path'

/** The longest path of a socket that every system takes, with the end of text behind it. */
const longestPath = 103

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The socket at which kept logins are asked for, in a folder that nobody else can enter: whoever can, logs in to the hosts. Nothing where there is no such folder.
 */
export function keptSocket(env: Environment = process.env): string | undefined {
  const { uid, homedir } = userInfo()
  const runtime = env['XDG_RUNTIME_DIR'] ?? ''
  const home = env['HOME'] ?? ''
  const folder = runtime.startsWith('/') ? runtime : join(home.startsWith('/') ? home : homedir, '.cache')
  const own = join(folder, 'hostwright', 'logins')
  const path = join(own, 'socket')
  if (path.length > longestPath) return undefined
  try {
    mkdirSync(own, { recursive: true, mode: 0o700 })
    // Whoever owns a folder can put another in the place of what is in it.
    const ours = [folder, dirname(own), own].every((place) => lstatSync(place).uid === uid)
    const { mode } = lstatSync(own)
    return ours && (mode & 0o077) === 0 ? path : undefined
  } catch {
    // The folder above cannot be written to.
    return undefined
  }
}
