// needs: postgresql
/** What the encoders write for PostgreSQL is read back by a server of its own: pg_hba_file_rules and pg_file_settings. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encode } from '../../../lib/encode/index.ts'
import { drawnFrom } from '../../support/hostile-values.ts'
import { withServer } from '../../support/postgres-server.ts'
import { sameAll, writtenBy } from './read-back.ts'

const onServer = (name: string, body: (client: pg.Client, data: string) => Promise<void>) =>
  test(name, () => withServer(({ client, data }) => body(client, data)))

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
