import { posix } from 'node:path'
import type { FileStat } from '../../host/files/files.ts'
import type { HostReader } from '../../host/host.ts'
import { holdsUnknown } from '../../play/module.ts'
import { sh } from '../../quote.ts'
import { refusePlanted } from '../files/planted.ts'
import { parsePublicKey, type PublicKey } from './public-key.ts'

/** What there is of a key pair. */
export interface Pair {
  /** The folder of the key is there. */
  readonly folder: boolean
  /** The file of the private key; undefined when there is none. */
  readonly stat: FileStat | undefined
  /** The file of the public key; undefined when there is none. */
  readonly pubStat: FileStat | undefined
  /** `pending`: it will be made by an earlier task, and nothing is known of it yet. `unreadable`: broken, or behind a passphrase. */
  readonly key: PublicKey | 'absent' | 'pending' | 'unreadable'
  /** The `.pub` file holds this key. */
  readonly pubMatches: boolean
  /** Why it is unreadable. */
  readonly words: string
}

/** The public key is never read through a link. A link in its place counts as a different file. */
export async function readPair(path: string, host: HostReader): Promise<Pair> {
  const pub = `${path}.pub`
  const [folder, stat, pubStat, content, answer] = await Promise.all([
    host.files.stat(posix.dirname(path), { follow: true }),
    host.files.stat(path, { follow: true }),
    host.files.stat(pub),
    host.files.read(pub),
    host.ask(sh`ssh-keygen -y -P '' -f ${path} </dev/null`),
    refusePlanted(host, posix.dirname(path), path),
  ])
  const written = pubStat?.type === 'link' ? '' : (content?.toString() ?? '')
  const found = { folder: folder !== undefined, stat, pubStat, words: answer.stderr.trim() }
  if (stat === undefined) return { ...found, key: 'absent', pubMatches: false }
  if (holdsUnknown(written)) return { ...found, key: 'pending', pubMatches: true }
  const beside = parsePublicKey(written)
  // ssh-keygen reads no private key that others can read too; its permissions are put right by this very module.
  const open = /bad permissions|UNPROTECTED/.test(answer.stderr)
  const key = parsePublicKey(answer.stdout) ?? (open ? beside : undefined)
  if (key === undefined) return { ...found, key: 'unreadable', pubMatches: false }
  // Both files hold the comment; the public one is what people read and copy.
  const pubMatches = beside?.text === key.text
  return { ...found, key: pubMatches ? { ...key, comment: beside?.comment ?? '' } : key, pubMatches }
}
