import {
  change,
  defined,
  defineModule,
  HostwrightError,
  unchanged,
  Unreadable,
  type Diff,
  type Host,
  type HostReader,
  type Plan,
  type PostgresReader,
} from '../lib/index.ts'
import { putBack } from '../lib/kit/files/put-back.ts'
import { configFolder } from '../lib/kit/postgres/cluster/place.ts'
import { ifUp, newerThanLoad } from '../lib/kit/postgres/conf/reload.ts'
import { hbaComplaints } from '../lib/kit/postgres/hba/hba-complaints.ts'
import { editHba, wholeHba } from '../lib/kit/postgres/hba/hba-edit.ts'
import { hbaParams, wantedRules, type HbaWanted } from '../lib/kit/postgres/hba/hba-params.ts'
import { parseHba, type HbaRule, type Word } from '../lib/kit/postgres/hba/hba.ts'
import { addressOf } from '../lib/kit/postgres/sql/login.ts'

/** The result of `pg_hba`. */
export interface PgHbaResult {
  /** The file. */
  readonly dest: string
  /** The rules of the file, in their order. */
  readonly pg_hba: readonly {
    readonly type: string
    readonly db: string
    readonly usr: string
    readonly src?: string
    readonly mask?: string
    readonly method: string
    readonly options?: string
  }[]
  /** Whether the server was told to read it again. */
  readonly reloaded: boolean
  /** Where the old file was copied to. */
  readonly backup_file?: string
}

/**
 * Who may connect: rules of pg_hba.conf. The first rule that fits decides, so order matters: rules keep their order, new ones come last unless
 * `position` says otherwise, and with `overwrite` the file holds exactly these rules; a `trust` line that somebody put on top is found and goes.
 *
 * A running server checks the file before it is told to read it; one that it refuses is put back as it was. A file the server has not read yet is a change too.
 * Unlike community.postgresql nothing is sorted, and comments stay where they are.
 *
 * @see community.postgresql.postgresql_pg_hba, https://www.postgresql.org/docs/current/auth-pg-hba-conf.html
 */
export const pg_hba = defineModule({
  name: 'pg_hba',
  summary: 'Rules of pg_hba.conf: who may connect to a PostgreSQL server.',
  params: hbaParams,
  examples: [
    {
      name: 'The standby may connect',
      params: {
        version: '17',
        contype: 'host',
        databases: 'replication',
        users: 'replicator',
        address: '10.0.0.2/32',
        method: 'scram-sha-256',
      },
    },
    {
      name: 'These and no others',
      params: {
        ...{ version: '17', overwrite: true },
        rules: [
          { type: 'local', databases: 'all', users: 'postgres', method: 'peer' },
          { type: 'host', databases: 'all', users: 'all', address: '10.0.0.0/8', method: 'scram-sha-256' },
        ],
      },
    },
  ],
  check: hbaComplaints,
  plan: async (wanted, host): Promise<Plan<PgHbaResult>> => {
    const path = wanted.dest ?? wanted.path ?? `${configFolder(wanted.version ?? '', wanted.cluster)}/pg_hba.conf`
    const address = addressOf(wanted)
    const server = host.postgres(address)
    const [content, stat, used] = await Promise.all([
      host.files.read(path),
      host.files.stat(path, { follow: true }),
      ifUp(readUse(server, path)),
    ])
    const text = content?.toString()
    if (text === undefined && !wanted.create) throw noFile(host, path)
    const rules = wantedRules(wanted)
    const fresh = wanted.overwrite
      ? wholeHba(
          header,
          text,
          rules.flatMap(({ rule, state }) => (state === 'present' ? [rule] : [])),
        )
      : editHba(text ?? `${header}\n`, rules, wanted.position)
    const rewritten = fresh !== (text ?? '')
    const owed = !rewritten && used !== undefined && (await newerThanLoad(host, path, stat, used.loaded))
    const reloading = wanted.reload && used !== undefined && (rewritten || owed)
    const result: PgHbaResult = {
      dest: path,
      pg_hba: parseHba(fresh).flatMap(({ rule }) => (rule === undefined ? [] : [shown(rule)])),
      reloaded: reloading,
    }
    if (!rewritten && !reloading) return unchanged(result)
    const diff: Diff = rewritten
      ? { of: path, before: text ?? '', after: fresh }
      : {
          of: `rules of ${server.server}`,
          before: { [path]: 'changed since the server read it' },
          after: { [path]: 'read again' },
        }
    return change({
      diff: [diff],
      result,
      apply: async (applied) => {
        const made = text === undefined ? { owner: 'postgres', group: 'postgres', mode: '0640' } : {}
        const backup = rewritten
          ? await applied.files.write(path, Buffer.from(fresh), { ...made, backup: wanted.backup })
          : undefined
        if (used !== undefined) await refusedByServer(applied, wanted, path, rewritten ? text : fresh)
        if (reloading) await applied.postgres(address).reload()
        return defined({ backup_file: backup })
      },
    })
  },
})

const header = '# Written by hostwright (pg_hba): the first rule that fits decides.'

/** Whether the server reads this file, and when it last did; undefined when it reads another. */
async function readUse(server: PostgresReader, path: string): Promise<{ loaded: number } | undefined> {
  const [[row], loaded] = await Promise.all([
    server.query<{ file: string }>(`SELECT current_setting('hba_file') AS file`),
    server.loadTime(),
  ])
  return row?.file === path ? { loaded } : undefined
}

/** The server reads the file for pg_hba_file_rules without acting on it: what it would fail on is put back. */
async function refusedByServer(host: Host, wanted: HbaWanted, path: string, before: string | undefined): Promise<void> {
  const server = host.postgres(addressOf(wanted))
  if ((await server.version()) < 100000) return
  const wrong = await server.query<{ line: number; error: string }>(
    `SELECT line_number AS line, error FROM pg_hba_file_rules WHERE error IS NOT NULL ORDER BY 1`,
  )
  if (wrong.length === 0) return
  const back = await putBack(host, path, before)
  // It reads what it had; otherwise the file would look unread.
  if (wanted.reload) await server.reload()
  throw new HostwrightError(
    `the server refuses ${path}: ${wrong.map(({ line, error }) => `line ${line}: ${error}`).join('; ')}`,
    {
      host: host.name,
      next: back
        ? 'correct the rule; the file is as it was before, and the server goes on with the rules it had'
        : 'correct the rule and the file: others have changed it since, so that it could not be put back',
    },
  )
}

function shown(rule: HbaRule): PgHbaResult['pg_hba'][number] {
  const names = (words: readonly Word[]) => words.map(({ text }) => text).join(',')
  return {
    type: rule.type,
    db: names(rule.databases),
    usr: names(rule.users),
    ...(rule.address === '' ? {} : { src: rule.address }),
    ...(rule.netmask === '' ? {} : { mask: rule.netmask }),
    method: rule.method,
    ...(rule.options.length === 0 ? {} : { options: rule.options.join(' ') }),
  }
}

function noFile(host: HostReader, path: string): Unreadable {
  return new Unreadable(`there is no ${path}`, 'cluster', {
    host: host.name,
    next: 'create the cluster first (pg_cluster, or pg_basebackup for a standby), correct version or dest, or set create: true',
  })
}
