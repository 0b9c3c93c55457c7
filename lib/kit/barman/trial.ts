import { conninfo } from '../../encode/postgres/conninfo.ts'
import { postgresqlConfString } from '../../encode/postgres/postgresql-conf.ts'
import { sh, type Script } from '../../quote.ts'

/** A restored cluster that is started for one question and thrown away. */
export interface Trial {
  /** The server's name in barman. */
  readonly name: string
  /** The backup to restore. */
  readonly backup_id: string
  /** Where the temporary directory is made. */
  readonly parent: string
  /** The server's programs. */
  readonly bin: string
  /** The role that asks. */
  readonly role: string
  /** The database that is asked. */
  readonly database: string
  /** The names of the tablespaces in the backup. */
  readonly tablespaces: readonly string[]
  /** Settings of the temporary server, over those of the backup. */
  readonly settings: Readonly<Record<string, string | number | boolean>>
  /** Seconds for the restore, and for replaying WAL. */
  readonly seconds: number
}

/** The exit status of the script of {@link trialScript} → what could not be done. */
export const trialSteps: Readonly<Record<number, string>> = {
  /** barman did not restore it. */
  3: 'restored',
  /** The server did not start. */
  4: 'started',
  /** The query failed. */
  5: 'asked',
}

/**
 * Restores, starts, asks the question on standard input, stops and removes, whatever happens in between. The rows go to standard output, all else to standard
 * error. The server's own settings are left behind: on another machine they ask for memory, files and libraries that are not there.
 */
export function trialScript(trial: Trial): Script {
  const { name, backup_id, parent, bin, role, database, seconds } = trial
  const spaces = trial.tablespaces.map((space) => sh`--tablespace ${space}:"$work"/${`space-${space}`} `)
  return sh`work=$(mktemp -d ${parent}/verify-${name}.XXXXXX) || exit 3
end() {
  [ -f "$work/data/postmaster.pid" ] && ${bin}/pg_ctl -D "$work/data" -m immediate -w -t 60 stop </dev/null >/dev/null 2>&1
  rm -rf "$work"
}
trap end EXIT
trap 'exit 130' HUP INT TERM
timeout -k 30 ${seconds} barman recover --no-get-wal ${joined(spaces)}${name} ${backup_id} "$work/data" </dev/null >&2 || exit 3
mkdir -m 0700 "$work/run" || exit 4
echo 'local all all trust' >"$work/hba" && : >"$work/ident" && : >"$work/data/postgresql.auto.conf" || exit 4
{
  printf '%s\\n' ${confLines(trial.settings)}
  printf "hba_file = '%s/hba'\\nident_file = '%s/ident'\\nunix_socket_directories = '%s/run'\\n" "$work" "$work" "$work"
} >"$work/conf" || exit 4
${bin}/pg_ctl -D "$work/data" -w -t ${seconds} -l "$work/log" -o "-c config_file=$work/conf" start </dev/null >&2 || {
  tail -n 20 "$work/log" >&2
  exit 4
}
grep -E 'redo (starts|done) at|last completed transaction' "$work/log" >&2
${bin}/psql -XAtq -v ON_ERROR_STOP=1 -h "$work/run" -p 5432 -U ${role} -d ${conninfo({ dbname: database })} -f - || exit 5`
}

/** No network, no archiving, and no subscription that takes a publisher's changes away from the real server. */
const quiet: Trial['settings'] = {
  listen_addresses: '',
  port: 5432,
  archive_mode: 'off',
  max_wal_senders: 0,
  max_logical_replication_workers: 0,
  max_prepared_transactions: 1000,
  autovacuum: 'off',
  fsync: 'off',
  full_page_writes: 'off',
  logging_collector: 'off',
  lc_messages: 'C',
}

export function confLines(settings: Trial['settings']): readonly string[] {
  return Object.entries({ ...quiet, ...settings }).map(
    ([name, value]) => `${name} = ${postgresqlConfString(String(value))}`,
  )
}

/** The question, so that its rows come as one text of JSON. */
export function rowsAsJson(query: string): string {
  const inner = query.trim().replace(/[;\s]+$/, '')
  return `SELECT coalesce(json_agg(row_to_json(q)), '[]'::json) FROM (\n${inner}\n) AS q;\n`
}

function joined(parts: readonly Script[]): Script {
  return parts.reduce((whole, part) => sh`${whole}${part}`, sh``)
}
