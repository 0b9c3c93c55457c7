import { lstatSync } from 'node:fs'
import { join } from 'node:path'
import { ownFolder } from '../../own-folder.ts'
import { thisUser } from '../../this-user.ts'

/** Part of the socket's name: keepers of another protocol version have another socket. */
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
  const base = runtime.startsWith('/') ? runtime : home.startsWith('/') ? home : thisUser().home
  if (base === undefined) return undefined
  const ours = ownFolder(base, [...(base === runtime ? [] : ['.cache']), 'hostwright', 'logins'], make)
  if (ours === undefined || (lstatSync(ours).mode & 0o077) !== 0) return undefined
  const path = join(ours, `socket-${language}`)
  return path.length > longestPath ? undefined : path
}
