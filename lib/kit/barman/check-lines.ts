/** One line of `barman check`. */
export interface CheckLine {
  /** barman's word. */
  readonly status: 'OK' | 'FAILED'
  /** What barman adds in brackets; empty where it adds nothing. */
  readonly hint: string
}

/** What `barman check` says of a server. */
export interface CheckReport {
  /** By barman's own names, in its order: `receive-wal running`. */
  readonly checks: Readonly<Record<string, CheckLine>>
  /** The names of the checks that failed. */
  readonly failed: readonly string[]
  /** The lines as barman prints them. */
  readonly report: readonly string[]
}

/**
 * Reads the output of `barman check NAME`. The text, not JSON: in JSON barman 3 mangles the names and sorts the lines. Both barman 3.4 and 3.13 print a tab,
 * the name, OK or FAILED, and a hint in brackets.
 */
export function parseCheck(output: string): CheckReport {
  const report = output.split('\n').filter((line) => line.trim() !== '')
  const found = report.flatMap((line) => {
    const [, name, status, hint] = /^\t(.+?): (OK|FAILED)(?: \((.*)\))?$/.exec(line) ?? []
    return name === undefined ? [] : [[name, { status: status === 'OK' ? 'OK' : 'FAILED', hint: hint ?? '' }] as const]
  })
  return {
    checks: Object.fromEntries(found),
    failed: found.filter(([, { status }]) => status === 'FAILED').map(([name]) => name),
    report,
  }
}

/** Checks that recover without help: a server restarts, barman's cron starts receive-wal each minute, WAL is on its way. */
const passing = new Set(['WAL archive', 'replication slot', 'receive-wal running', 'continuous archiving', 'ssh'])
/** While one of these fails, the other checks mean nothing. */
const connections = ['PostgreSQL', 'PostgreSQL streaming', 'check timeout']

/** Can these failed checks recover by waiting? */
export function mayPass(failed: readonly string[]): boolean {
  return failed.some((name) => connections.includes(name)) || failed.every((name) => passing.has(name))
}

/** Checks about the past. barman takes a backup even if they fail. */
const uncritical = new Set([
  ...['minimum redundancy requirements', 'backup maximum age', 'backup minimum size', 'failed backups'],
  ...['archiver errors', 'empty incoming directory', 'empty streaming directory', 'incoming WALs directory'],
  ...['streaming WALs directory', 'wal maximum age', 'PostgreSQL server is standby'],
])

/** The failed checks that prevent a backup. */
export function inTheWay(failed: readonly string[]): readonly string[] {
  return failed.filter((name) => !uncritical.has(name))
}

/** `receive-wal running (See the Barman log file for more details)` */
export function showFailed({ checks, failed }: CheckReport): string {
  return failed
    .map((name) => {
      const hint = checks[name]?.hint ?? ''
      return hint === '' ? name : `${name} (${hint})`
    })
    .join('; ')
}

/** What to do about the first failed check that is known here. */
export function adviceFor(failed: readonly string[]): string {
  const known = Object.keys(advice).find((name) => failed.includes(name))
  return known === undefined ? 'see /var/log/barman/barman.log on the host' : (advice[known] ?? '')
}

const advice: Readonly<Record<string, string>> = {
  PostgreSQL: "see that the server runs, lets barman's role in (pg_hba.conf) and that .pgpass has its password",
  'PostgreSQL streaming':
    'see that the role of streaming_conninfo has REPLICATION, a line in pg_hba.conf and one in .pgpass',
  'superuser or standard user with backup privileges':
    'grant the role of conninfo pg_monitor (the role) and EXECUTE on pg_backup_start, pg_backup_stop, pg_switch_wal and pg_create_restore_point',
  'replication slot': "create the slot, or set create_slot: 'auto' and let barman's cron run",
  'receive-wal running': 'see that barman_cron is in place, and /var/log/barman/barman.log on the host',
  'continuous archiving': 'see archive_command and pg_stat_archiver on the server',
  'WAL archive': 'no WAL has arrived yet: run barman_switch_wal',
  'failed backups':
    'delete what failed: barman delete NAME BACKUP (barman list-backups names it), or run barman_backup',
  'minimum redundancy requirements': 'take a backup: run barman_backup',
  pg_basebackup: 'install the client programs of the server’s version on this host and set path_prefix',
  'archiver errors': 'see the files in the errors directory of the server; two servers may archive to the same name',
}
