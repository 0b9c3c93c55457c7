import { posix } from 'node:path'
import { HostwrightError } from '../../error.ts'
import type { HostReader } from '../../host/host.ts'
import { raw, sh, type Script } from '../../quote.ts'
import { lookAsBarman, complaintOf } from './command.ts'
import { directoryOf, type Place } from './params.ts'

/** A backup as barman wrote it down. */
export interface Backup {
  /** The name that barman gave it: `20260131T120000`. */
  readonly backup_id: string
  /** DONE, WAITING_FOR_WALS, FAILED, STARTED, EMPTY, SYNCING. */
  readonly status: string
  /** When it began, as barman writes it. */
  readonly begin_time: string
  /** When it ended, as barman writes it. */
  readonly end_time: string
  /** Bytes of the data directory. */
  readonly size: number
  /** `rsync-exclusive`, `postgres` … ; how it was made. */
  readonly mode: string
  /** The timeline of the server. */
  readonly timeline: number
  /** The first WAL file that it needs. */
  readonly begin_wal: string
  /** The last WAL file that it needs. */
  readonly end_wal: string
  /** Why it failed; empty when it did not. */
  readonly error: string
  /** The tablespaces in it. */
  readonly tablespaces: readonly Tablespace[]
}

/** A tablespace of a backup. */
export interface Tablespace {
  /** Its name. */
  readonly name: string
  /** Its folder on the server that was backed up. */
  readonly location: string
}

/** The backups of a server, and the host's time. */
export interface Catalogue {
  /** Seconds since the epoch, by the host's clock. */
  readonly now: number
  /** Oldest first. */
  readonly backups: readonly Backup[]
}

/** Reads barman's own files about a server's backups. Barman is not started. */
export async function readCatalogue(host: HostReader, place: Place): Promise<Catalogue> {
  const answer = await lookAsBarman(host, place, catalogueScript(place))
  if (answer.status === 0) return parseCatalogue(answer.stdout)
  throw new HostwrightError(`the backups of ${place.name} cannot be read: ${complaintOf(answer)}`, {
    host: host.name,
    next: `see who owns ${directoryOf(place)}`,
  })
}

/** Prints the time and every backup.info, or that of one backup. The files lie in base/ID, and from barman 3.13 in meta/. */
export function catalogueScript(place: Place, backup?: string): Script {
  const id = backup === undefined ? raw('*') : sh`${backup}`
  const directory = directoryOf(place)
  return sh`date +%s
for f in ${posix.join(directory, 'base')}/${id}/backup.info ${posix.join(directory, 'meta')}/${id}-backup.info; do
  [ -f "$f" ] || continue
  printf '\\036%s\\n' "$f"; cat "$f" || exit 1
done`
}

/** Reads the output of that question: the time, then each backup.info behind a record separator and its path. */
export function parseCatalogue(output: string): Catalogue {
  const [time = '', ...records] = output.split('\u001e')
  const backups = records.flatMap((record) => {
    const [path = '', ...lines] = record.split('\n')
    const id = /(\d{8}T\d{6})(?:\/|-)backup\.info$/.exec(path)?.[1]
    return id === undefined ? [] : [parseBackupInfo(id, lines.join('\n'))]
  })
  // A backup that barman has moved from one place to the other is there once.
  const distinct = new Map(backups.map((backup) => [backup.backup_id, backup]))
  return {
    now: Number(time.trim()),
    backups: [...distinct.values()].sort((a, b) => (a.backup_id < b.backup_id ? -1 : 1)),
  }
}

/** Reads one backup.info: `key=value` lines, with Python's None where nothing is known. */
export function parseBackupInfo(backup_id: string, text: string): Backup {
  const value = (key: string) => {
    const found = new RegExp(`^${key}=(.*)$`, 'm').exec(text)?.[1] ?? ''
    return found === 'None' ? '' : found
  }
  return {
    backup_id,
    status: value('status'),
    begin_time: value('begin_time'),
    end_time: value('end_time'),
    size: Number(value('size')),
    mode: value('mode'),
    timeline: Number(value('timeline')),
    begin_wal: value('begin_wal'),
    end_wal: value('end_wal'),
    error: value('error'),
    tablespaces: [...value('tablespaces').matchAll(/\('((?:[^'\\]|\\.)*)', \d+, '((?:[^'\\]|\\.)*)'\)/g)].map(
      ([, name = '', location = '']) => ({ name: unescaped(name), location: unescaped(location) }),
    ),
  }
}

/** When it ended, or began, in seconds since the epoch. Times without a zone are taken for UTC. */
export function endOf({ end_time, begin_time }: Pick<Backup, 'end_time' | 'begin_time'>): number {
  const text = (end_time === '' ? begin_time : end_time).replace(' ', 'T')
  return Date.parse(/([+-]\d\d:?\d\d|Z)$/.test(text) ? text : `${text}Z`) / 1000
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, '$1')
}
