import { sh, type Script } from '../../../quote.ts'

/** What pg_controldata says of a cluster's last state on disk. */
export interface ControlData {
  /** `in production`, `shut down`, `in archive recovery` …; empty when it could not be read. */
  readonly state: string
  /** The number that a primary shares with its standbys. */
  readonly system_identifier: string
  /** Where the latest checkpoint begins; after a clean stop nothing follows it. */
  readonly checkpoint: string
  /** The timeline of the latest checkpoint. */
  readonly timeline: number
  /** How far a standby had replayed when it last said so; 0/0 for a primary. */
  readonly minimum_recovery: string
  /** The timeline of `minimum_recovery`; 0 for a primary. */
  readonly minimum_recovery_timeline: number
  /** The settings that a standby may not be below of. */
  readonly settings: Readonly<Record<string, number>>
}

/** Prints it; nothing when there is no cluster or no program. */
export function controlDataScript(version: string, data: string): Script {
  return sh`for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin; do
  [ -x "$bin/pg_controldata" ] && LC_ALL=C "$bin/pg_controldata" ${data} 2>/dev/null && break
done; :`
}

/** Settings that PostgreSQL compares between a primary and its standbys, under pg_controldata's own words. */
export const comparedSettings = [
  'max_connections',
  'max_worker_processes',
  'max_wal_senders',
  'max_prepared_xacts',
  'max_locks_per_xact',
] as const

/** Reads what pg_controldata printed. What it does not say is empty, 0 or `0/0`. */
export function parseControlData(text: string): ControlData {
  const said = new Map(
    text.split('\n').flatMap((line) => {
      const at = line.indexOf(':')
      return at === -1 ? [] : [[line.slice(0, at).trim(), line.slice(at + 1).trim()] as const]
    }),
  )
  const number = (name: string) => Number(said.get(name) ?? 0)
  return {
    state: said.get('Database cluster state') ?? '',
    system_identifier: said.get('Database system identifier') ?? '',
    checkpoint: said.get('Latest checkpoint location') ?? '0/0',
    timeline: number("Latest checkpoint's TimeLineID"),
    minimum_recovery: said.get('Minimum recovery ending location') ?? '0/0',
    minimum_recovery_timeline: number("Min recovery ending loc's timeline"),
    settings: Object.fromEntries(comparedSettings.map((name) => [name, number(`${name} setting`)])),
  }
}
