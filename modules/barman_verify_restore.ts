import {
  change,
  defined,
  defineModule,
  encode,
  encodingComplaints,
  HostwrightError,
  optional,
  sh,
  Type,
  Unreadable,
  withDefault,
  type Answer,
} from '../lib/index.ts'
import { newestDone } from '../lib/kit/barman/backup-plan.ts'
import { readCatalogue } from '../lib/kit/barman/catalogue.ts'
import { askBarman, complaintOf, linesOf, runBarman } from '../lib/kit/barman/command.ts'
import { placeParams, serverParams, timeoutParam } from '../lib/kit/barman/params.ts'
import { rowsAsJson, trialScript, trialSteps } from '../lib/kit/barman/trial.ts'

/** The result of `barman_verify_restore`. */
export interface BarmanVerifyRestoreResult {
  /** The backup. */
  readonly backup_id: string
  /** What the query found in the restored cluster. Empty in check mode, where nothing is restored. */
  readonly rows: readonly Readonly<Record<string, unknown>>[]
  /** What barman and the server said while it was restored and started. */
  readonly report: readonly string[]
}

/**
 * Proves that a backup can be restored: restores the newest good one with all archived WAL into a temporary directory of barman's, starts a server on it that only
 * a private socket leads to, asks it one question, stops it and removes everything, also when something goes wrong.
 *
 * It counts as a change, though it leaves nothing behind: it copies the whole cluster and takes its time, so check mode only says that it would. Where that
 * disturbs, give the task `changed_when: () => false`.
 *
 * What the real server wrote last is in the archive only after its WAL file was switched: run `barman_switch_wal` with `force: true` before. The server's programs
 * must be installed on the host, best with `create_main_cluster = false`. Its own settings and libraries are not used; `settings` adds what a query needs.
 *
 * Follows barman-restore(1), https://docs.pgbarman.org, and https://www.postgresql.org/docs/current/continuous-archiving.html
 *
 * @throws when there is no good backup, or with the words of what went wrong while it was restored, started or asked.
 * @example
 * barman_verify_restore({ name: 'pg1', version: '17', database: 'library', query: 'SELECT count(*) FROM books' })
 */
export const barman_verify_restore = defineModule({
  name: 'barman_verify_restore',
  summary: 'Restores a backup aside, asks it something, and removes it.',
  params: {
    ...serverParams,
    version: Type.String({ pattern: '^[0-9]+(\\.[0-9]+)?$', description: 'Major version of the server: `17`.' }),
    query: withDefault(Type.String({ minLength: 1, description: 'What to ask; one SELECT.' }), 'SELECT now() AS now'),
    database: withDefault(Type.String({ minLength: 1, description: 'Where to ask it.' }), 'postgres'),
    role: withDefault(Type.String({ minLength: 1, description: 'As which role.' }), 'postgres'),
    backup_id: withDefault(Type.String({ minLength: 1, description: '`latest` is the newest good one.' }), 'latest'),
    bin_dir: optional(
      Type.String({
        pattern: '^/',
        description: "The server's programs, where they are not in /usr/lib/postgresql/VERSION/bin.",
      }),
    ),
    settings: withDefault(
      Type.Record(
        Type.String({ pattern: '^[a-z_.0-9]+$' }),
        Type.Union([Type.String(), Type.Number(), Type.Boolean()]),
        {
          description: 'Settings of the server for the trial: `shared_preload_libraries` …',
        },
      ),
      {},
    ),
    ...timeoutParam(3600, 'How long restoring, and replaying WAL, may take.'),
    ...placeParams,
  },
  concurrent: true,
  examples: [
    { name: 'Is everything there?', params: { name: 'pg1', version: '17', query: 'SELECT count(*) FROM books' } },
  ],
  check: ({ settings, barman_home }) => [
    ...Object.keys(settings)
      .filter((name) => !/^[a-z_.0-9]+$/.test(name))
      .map((name) => `"settings" has ${JSON.stringify(name)}, which cannot be the name of a setting`),
    ...Object.entries(settings).flatMap(([name, value]) =>
      encodingComplaints(`settings.${name}`, () => encode.postgresqlConf(String(value))),
    ),
    // It becomes a part of the trial server's own configuration, and of options that pg_ctl hands to a shell.
    ...(/[^\w./:@%+,=-]/.test(barman_home)
      ? ['"barman_home" cannot hold blanks, quotes, or what else a shell takes for something else']
      : []),
  ],
  plan: async (params, host) => {
    const { name, version, backup_id: asked, timeout, barman_home, barman_user } = params
    const bin = params.bin_dir ?? `/usr/lib/postgresql/${version}/bin`
    const [{ backups }, programs] = await Promise.all([
      readCatalogue(host, params),
      askBarman(host, params, sh`[ -x ${bin}/postgres ] && [ -x ${bin}/pg_ctl ] && [ -x ${bin}/psql ]`),
    ])
    const backup = asked === 'latest' ? newestDone(backups) : backups.find(({ backup_id }) => backup_id === asked)
    if (backup?.status !== 'DONE')
      throw new Unreadable(`there is no good backup of ${name} to restore`, 'command', {
        host: host.name,
        next: 'take one: barman_backup',
        data: { backups: backups.map(({ backup_id, status }) => `${backup_id} ${status}`) },
      })
    if (programs.status !== 0)
      throw new Unreadable(
        `PostgreSQL ${version} is not installed: ${bin} has no postgres, pg_ctl or psql`,
        'command',
        {
          host: host.name,
          next: `install postgresql-${version}, with create_main_cluster = false in /etc/postgresql-common/createcluster.conf`,
        },
      )
    const { backup_id, tablespaces } = backup
    return change<BarmanVerifyRestoreResult>({
      diff: [
        {
          of: `trial restore of ${name}`,
          before: { state: 'not tried' },
          after: { state: 'tried', backup: backup_id },
        },
      ],
      result: { backup_id, rows: [], report: [] },
      apply: async (applied): Promise<Partial<BarmanVerifyRestoreResult>> => {
        const script = trialScript({
          ...{ name, backup_id, parent: barman_home, bin, role: params.role, database: params.database },
          ...{ tablespaces: tablespaces.map((space) => space.name), settings: params.settings, seconds: timeout },
        })
        const answer = await runBarman(
          applied,
          params,
          script,
          { does: `a trial restore of ${backup_id}`, seconds: timeout * 2 + 120 },
          rowsAsJson(params.query),
        )
        if (answer.status !== 0) throw failure(host.name, answer, { name, backup_id, barman_user })
        return answer.stdout.trim() === ''
          ? {}
          : { rows: parseRows(answer.stdout), report: linesOf({ ...answer, stdout: '' }) }
      },
    })
  },
})

/** Parses psql's output: one line of JSON. */
export function parseRows(output: string): readonly Readonly<Record<string, unknown>>[] {
  return JSON.parse(output) as readonly Readonly<Record<string, unknown>>[]
}

function failure(
  host: string,
  answer: Answer,
  { name, backup_id, barman_user }: { readonly name: string; readonly backup_id: string; readonly barman_user: string },
): HostwrightError {
  const step = trialSteps[answer.status] ?? 'restored'
  const next: Readonly<Record<string, string>> = {
    restored: `see whether ${barman_user}'s home has room for the whole cluster, and /var/log/barman/barman.log`,
    started: 'see the server’s words above; a missing locale or library has to be installed on this host',
    asked: 'see whether the query runs on the real server, and whether its WAL was switched and archived since',
  }
  return new HostwrightError(`backup ${backup_id} of ${name} could not be ${step}: ${complaintOf(answer)}`, {
    host,
    ...defined({ next: next[step] }),
    data: { lines: linesOf(answer) },
  })
}
