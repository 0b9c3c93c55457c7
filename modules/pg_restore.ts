import {
  change,
  defineModule,
  encode,
  HostwrightError,
  sh,
  Type,
  unchanged,
  withDefault,
  type Plan,
  type Script,
} from '../lib/index.ts'
import { majorVersion } from '../lib/kit/postgres/cluster/version.ts'
import { addressOf, loginParams } from '../lib/kit/postgres/sql/login.ts'

/** The result of `pg_restore`. */
export interface PgRestoreResult {
  /** The database. */
  readonly db: string
  /** Whether this run restored it. */
  readonly restored: boolean
}

/**
 * A database, restored from a dump once: where the database is there, nothing is done. The dump is a file of this machine, made by pg_dump of one database (without
 * `--create`), as text or in the custom format.
 *
 * It is restored under another name and renamed when it is whole, so that a run that was cut off leaves no half of it. No commit waits for a standby.
 *
 * @throws before any host is touched when the file is not there; when a statement of the dump fails.
 * @see https://www.postgresql.org/docs/current/backup-dump.html
 * @example
 * pg_restore({ src: '/backups/library.dump', db: 'library' })
 */
export const pg_restore = defineModule({
  name: 'pg_restore',
  summary: 'A PostgreSQL database, restored from a dump once.',
  params: {
    src: Type.String({
      minLength: 1,
      description: 'The dump: looked for in files/ beside the playbook, then as given.',
    }),
    timeout: withDefault(Type.Integer({ minimum: 1, description: 'Seconds it may take.' }), 86400),
    ...loginParams,
    db: Type.String({ minLength: 1, maxLength: 40, description: 'The database.' }),
  },
  examples: [{ name: 'The library', params: { src: '/dev/null', db: 'library' } }],
  preflight: ({ src }, { controller }) => void controller.find('files', src),
  plan: async ({ src, timeout, db, ...login }, host, { controller }): Promise<Plan<PgRestoreResult>> => {
    const address = addressOf(login, 'postgres')
    const server = host.postgres(address)
    const [rows, version] = await Promise.all([
      server.query('SELECT FROM pg_database WHERE datname = $1', [db]),
      server.version(),
    ])
    if (rows.length > 0) return unchanged({ db, restored: false })
    const path = controller.find('files', src)
    return change({
      diff: [{ of: `database ${db}`, before: { state: 'absent' }, after: { state: 'present', restored_from: path } }],
      result: { db, restored: true },
      apply: async (applied) => {
        const script = restoreScript(majorVersion(`${Math.floor(version / 10000)}`), address.port ?? 5432, db)
        const { status, stderr } = await applied.run(script, {
          effect: { kind: 'database', name: db },
          input: controller.read(path),
          as: address.user ?? 'postgres',
          timeout,
        })
        if (status === 0) return
        const wrong = stderr.split('\n').filter((line) => /error|fatal/i.test(line))
        throw new HostwrightError(
          `restoring ${path} into ${db} failed: ${wrong.slice(-2).join('; ') || stderr.trim()}`,
          {
            host: host.name,
            data: { status, stderr },
            next: 'see the statement above: roles and extensions that the dump names must be there first',
          },
        )
      },
    })
  },
})

function restoreScript(version: string, port: number, db: string): Script {
  const draft = `${db}.hostwright-restoring`
  // The programs take a name with a `=` in it for a whole connection string.
  const place = encode.conninfoOf({ dbname: draft })
  return sh`set -eu
for bin in /usr/lib/postgresql/${version}/bin /usr/pgsql-${version}/bin; do [ -x "$bin/psql" ] && break; done
cd /
export PGPORT=${port} PGOPTIONS='-c synchronous_commit=local -c client_min_messages=warning'
dump=$(mktemp)
trap 'rm -f "$dump"' EXIT
cat >"$dump"
"$bin/dropdb" --if-exists -- ${draft}
"$bin/createdb" --template=template0 -- ${draft}
if [ "$(head -c 5 "$dump")" = PGDMP ]; then "$bin/pg_restore" --exit-on-error --dbname ${place} "$dump"
else "$bin/psql" -Xqw -v ON_ERROR_STOP=1 -d ${place} -f "$dump" >/dev/null
fi
"$bin/psql" -Xqw -v ON_ERROR_STOP=1 -v draft=${draft} -v db=${db} -d postgres >/dev/null <<'END'
ALTER DATABASE :"draft" RENAME TO :"db";
END`
}
