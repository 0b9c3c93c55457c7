import { lstatSync, mkdirSync } from 'node:fs'
import { homedir } from 'node:os'
import { dirname, join } from 'node:path'

/** Those that speak another language do not meet. */
const language = 1

/** The longest path of a socket that every system takes, with the end of text behind it. */
const longestPath = 103

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The socket at which kept logins are asked for, in a folder that nobody else can enter: whoever can, logs in to the hosts. Nothing where there is no such folder,
 * unless it is to be made and can be.
 */
export function keptSocket(make: boolean, env: Environment = process.env): string | undefined {
  const runtime = env['XDG_RUNTIME_DIR'] ?? ''
  const home = env['HOME'] ?? ''
  const folder = runtime.startsWith('/') ? runtime : join(home.startsWith('/') ? home : homedir(), '.cache')
  const own = join(folder, 'hostwright', 'logins')
  const path = join(own, `socket-${language}`)
  if (path.length > longestPath) return undefined
  try {
    if (make) mkdirSync(own, { recursive: true, mode: 0o700 })
    // Whoever owns a folder can put another in the place of what is in it.
    const places = [folder, dirname(own), own].map((place) => lstatSync(place))
    const ours = places.every(({ uid }) => uid === process.geteuid?.())
    return ours && ((places.at(-1)?.mode ?? 0o077) & 0o077) === 0 ? path : undefined
  } catch {
    // It is not there, or cannot be made.
    return undefined
  }
}
