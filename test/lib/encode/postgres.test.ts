/** What the encoders write for PostgreSQL is read back by a server of its own: pg_hba_file_rules and pg_file_settings. */
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encode } from '../../../lib/encode/index.ts'
import { drawnFrom } from '../../support/hostile-values.ts'
import { sameAll, writtenBy } from './read-back.ts'

const onServer = (name: string, body: (client: pg.Client, data: string) => Promise<void>) =>
  test(name, () => withServer(binaries(), body))

/** The newest server's programs. */
function binaries(): string {
  const servers = readdirSync('/usr/lib/postgresql').filter((version) =>
    existsSync(`/usr/lib/postgresql/${version}/bin/initdb`),
  )
  const [newest] = servers.sort((a, b) => Number(b) - Number(a))
  if (newest === undefined) throw new Error('no PostgreSQL server is installed')
  return `/usr/lib/postgresql/${newest}/bin`
}

/** A server in a folder of its own, reached by its socket; as root it belongs to postgres. */
async function withServer(programs: string, use: (client: pg.Client, data: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync('/tmp/hostwright-pg-')
  const data = join(folder, 'data')
  const run = (program: string, ...args: string[]) => {
    const command = [join(programs, program), ...args]
    const own =
      process.getuid?.() === 0
        ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--clear-groups', ...command]
        : command
    execFileSync(own[0] ?? '', own.slice(1), { cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  }
  chmodSync(folder, 0o777)
  try {
    run('initdb', '-D', data, '-U', 'postgres', '-A', 'trust', '-N', '--no-locale', '-E', 'UTF8')
    run(
      'pg_ctl',
      '-D',
      data,
      '-w',
      '-l',
      join(folder, 'log'),
      '-o',
      `-k ${folder} -c listen_addresses= -c fsync=off`,
      'start',
    )
    const client = new pg.Client({ host: folder, user: 'postgres', database: 'postgres' })
    try {
      await client.connect()
      await use(client, data)
    } finally {
      await client.end()
      run('pg_ctl', '-D', data, '-m', 'immediate', 'stop')
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

onServer('the server reads each rule and each setting as one, with the value itself', async (client, data) => {
  // Until version 16 a word has at most 255 bytes.
  const short = (text: string) => Buffer.byteLength(text) < 200
  const names = writtenBy((value) => encode.pgHba(value)).filter(({ text }) => short(text))
  const options = writtenBy((value) => encode.pgHbaOption('ldapprefix', value)).filter(({ text }) => short(text))
  const comments = writtenBy((value) => encode.comment(value))
  const rules = [
    ...names.map(({ text }) => `local ${text} ${text} reject`),
    ...options.map(({ text }) => `host all all 10.0.0.1/32 ldap ldapserver=x ${text}`),
    ...comments.map(({ text }) => `local commented all reject # ${text}`),
  ]
  const kept = readFileSync(join(data, 'pg_hba.conf'))
  writeFileSync(join(data, 'pg_hba.conf'), rules.map((rule) => `${rule}\n`).join(''))
  const { rows } = await client.query<Rule>(
    'SELECT line_number AS line, database, user_name AS users, options, error FROM pg_hba_file_rules ORDER BY 1',
  )
  writeFileSync(join(data, 'pg_hba.conf'), kept)
  assert.equal(
    rows.filter(({ error }) => error !== null),
    [],
    drawnFrom,
  )
  assert.is(rows.length, rules.length)
  sameAll(names, (i) => rows[i]?.database?.join(','))
  sameAll(names, (i) => rows[i]?.users?.join(','))
  sameAll(options, (i) =>
    rows[names.length + i]?.options?.find((one) => one.startsWith('ldapprefix='))?.slice('ldapprefix='.length),
  )

  const settings = writtenBy((value) => encode.postgresqlConf(value))
  writeFileSync(join(data, 'postgresql.auto.conf'), settings.map(({ text }, i) => `x.v${i} = ${text}\n`).join(''))
  const read = await client.query<{ name: string; setting: string; error: string | null }>(
    `SELECT name, setting, error FROM pg_file_settings WHERE sourcefile LIKE '%auto.conf'`,
  )
  const found = new Map(read.rows.map(({ name, setting }) => [name, setting]))
  assert.is(found.size, settings.length, drawnFrom)
  sameAll(settings, (i) => found.get(`x.v${i}`))
})
interface Rule {
  readonly line: number
  readonly database: readonly string[] | null
  readonly users: readonly string[] | null
  readonly options: readonly string[] | null
  readonly error: string | null
}

test.run()
