import { raw, sh, type Script } from '../../quote.ts'
import type { Backup } from './catalogue.ts'

/** How far WAL is replayed, and what the restored server is to be. */
export interface RecoveryTarget {
  /** Up to this time. */
  readonly target_time?: string
  /** Up to this transaction. */
  readonly target_xid?: string
  /** Up to this place in WAL. */
  readonly target_lsn?: string
  /** Up to this restore point. */
  readonly target_name?: string
  /** Only until the backup is consistent. */
  readonly target_immediate?: boolean
  /** Along this timeline. */
  readonly target_tli?: string
  /** What the server does at the target: `pause`, `promote` or `shutdown`. */
  readonly target_action?: string
  /** Stop just before the target. */
  readonly exclusive?: boolean
  /** Make it a standby. */
  readonly standby_mode?: boolean
  /** Let the server fetch WAL from barman while it recovers. */
  readonly get_wal?: boolean
  /** The command that reaches the host to restore on; this host by default. */
  readonly remote_ssh_command?: string
  /** Where barman prepares the files, when the backup is compressed. */
  readonly recovery_staging_path?: string
  /** How many copies run side by side. */
  readonly jobs?: number
  /** Other folders for tablespaces, by name. */
  readonly tablespaces?: Readonly<Record<string, string>>
}

const withValue = [
  ...(['target_time', 'target_xid', 'target_lsn', 'target_name', 'target_tli', 'target_action'] as const),
  ...(['remote_ssh_command', 'recovery_staging_path', 'jobs'] as const),
] as const
const alone = ['target_immediate', 'exclusive', 'standby_mode', 'get_wal'] as const

const flag = (option: string) => `--${option.replaceAll('_', '-')}`

/** `barman recover` with its options: in barman 3.13 it is called restore too, in 3.4 it is not. */
export function recoverCommand(name: string, backup: string, path: string, target: RecoveryTarget): Script {
  const words = [
    ...withValue.flatMap((option) => {
      const value = target[option]
      return value === undefined ? [] : [flag(option), String(value)]
    }),
    ...alone.filter((option) => target[option] === true).map(flag),
    ...Object.entries(target.tablespaces ?? {}).flatMap(([space, to]) => ['--tablespace', `${space}:${to}`]),
  ]
  return sh`barman recover ${words} ${name} ${backup} ${path} </dev/null`
}

/** Prints what lies in a directory: first whether it is there, then what barman noted in it when it restored, then its names. */
export function lookScript(path: string, remote: string | undefined): Script {
  const look = sh`if [ ! -e ${path} ]; then echo absent
elif [ ! -d ${path} ]; then echo file
else echo directory; ls -A ${path} || exit 1; printf '\\036\\n'; cat ${`${path}/.barman-recover.info`} 2>/dev/null; :; fi`
  return remote === undefined ? look : sh`${raw(remote)} ${look.text}`
}

/** The folder that a backup is restored to, as it is now. */
export interface RestoredFolder {
  /** What the path is. */
  readonly kind: 'absent' | 'file' | 'directory'
  /** The names in it. */
  readonly names: readonly string[]
  /** barman's own note of what it restored here; empty when it restored nothing. */
  readonly note: string
}

/** Reads what the script of {@link lookScript} printed. */
export function parseLook(output: string): RestoredFolder {
  const [head = '', note = ''] = output.split('\u001e')
  const [kind, ...names] = head.split('\n').filter((line) => line !== '')
  return { kind: kind === 'directory' || kind === 'file' ? kind : 'absent', names, note: note.trimStart() }
}

/** Is what was restored there this backup? Its note is a copy of the backup.info, without the id; when the backup began tells. */
export function isRestored(note: string, server: string, backup: Backup | undefined): boolean {
  const has = (key: string, value: string) => note.split('\n').includes(`${key}=${value}`)
  if (!has('server_name', server)) return false
  return backup === undefined || has('begin_time', backup.begin_time)
}
