/** Two servers that change parts: who leads, following another, going back to where it left; and a database restored from a dump. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../lib/host/host.ts'
import * as modules from '../../modules/index.ts'
import { waitFor } from '../playbooks/support.ts'
import { failure, meddle, pgLab, proveOnce, settled } from './pg_lab.ts'
import { runCall } from '../../lib/testing/index.ts'

const { pg_basebackup, pg_cluster, pg_conf, pg_controldata, pg_hba, pg_privs, pg_promote, pg_query } = modules
const { pg_restore, pg_rewind, pg_standby, pg_topology, pg_user } = modules

const { lab, version, on } = await pgLab('m-pg-roles', ['h1', 'h2'])
const folder = mkdtempSync(join(tmpdir(), 'hostwright-roles-'))
const test = suite('changing roles')
test.after(async () => {
  rmSync(folder, { recursive: true })
  await lab.down()
})

const files = {
  vars: {},
  controller: { find: (_: string, name: string) => name, read: (path: string) => readFileSync(path) },
}
const [h1, h2] = [lab.address('h1'), lab.address('h2')]
const unit = `postgresql@${version}-main`
const password = 'it: is\\ a secret'
const way = (host: string) => ({ version, host, user: 'replicator', password })
const whoLeads = pg_topology({ version, servers: { h1, h2 }, first: 'h1', user: 'replicator', password })
const letIn = (databases: string) =>
  pg_hba({ version, contype: 'host', databases, users: 'replicator', address: '10.0.0.0/8', method: 'scram-sha-256' })
const settings = {
  listen_addresses: '*',
  wal_level: 'replica',
  wal_log_hints: true,
  hot_standby: true,
  wal_keep_size: '128MB',
}

async function configure(host: Host) {
  await runCall(host, pg_conf({ version, settings }))
  await runCall(host, letIn('replication'))
  await runCall(host, letIn('postgres'))
  await runCall(host, pg_cluster({ version, state: 'started' }))
}

const streams = (host: Host) =>
  waitFor('streaming', 60, async () => {
    const rows = await host.postgres({}).query(`SELECT FROM pg_stat_wal_receiver WHERE status = 'streaming'`)
    return rows.length === 1
  })

test('on bare hosts the first leads, and nobody is alive', () =>
  on('h2', async (host) => {
    const { name, alive, servers } = (await runCall(host, whoLeads)).result
    assert.equal([name, alive, servers.map(({ role }) => role)], ['h1', false, ['silent', 'silent']])
    assert.match(await failure(runCall(host, pg_controldata({ version }))), /there is no cluster/)
    assert.match(await failure(runCall(host, pg_standby(way(h1)))), /there is no cluster/)
  }))

test('a primary and its standby, as each sees them', async () => {
  await on('h1', async (host) => {
    await runCall(host, pg_cluster({ version }))
    await configure(host)
    await runCall(host, pg_user({ name: 'replicator', password, role_attr_flags: 'REPLICATION' }))
    const objs = [
      ...['pg_ls_dir(text,boolean,boolean)', 'pg_stat_file(text,boolean)', 'pg_read_binary_file(text)'],
      'pg_read_binary_file(text,bigint,bigint,boolean)',
    ]
    await runCall(host, pg_privs({ type: 'function', objs, privs: 'EXECUTE', roles: 'replicator' }))
  })
  await on('h2', async (host) => {
    await runCall(host, pg_basebackup(way(h1)))
    await configure(host)
    await streams(host)
    await settled(host, pg_standby(way(h1)))
    await settled(host, pg_rewind(way(h1)))
    const { name, alive, servers } = (await runCall(host, whoLeads)).result
    assert.equal([name, alive, servers.map(({ role }) => role)], ['h1', true, ['primary', 'standby']])
  })
})

test('a database is restored once, whole or not at all', () =>
  on('h1', async (host) => {
    const [bad, good, custom] = ['bad.sql', 'good.sql', 'good.dump'].map((name) => join(folder, name))
    writeFileSync(bad ?? '', 'CREATE TABLE a (n int);\nINSERT INTO b VALUES (1);\n')
    writeFileSync(good ?? '', 'CREATE TABLE a (n int);\nINSERT INTO a VALUES (1), (2);\n')
    assert.match(
      await failure(runCall(host, pg_restore({ src: bad ?? '', db: 'lib' }), files)),
      /relation "b" does not exist/,
    )
    await proveOnce(host, pg_restore({ src: good ?? '', db: 'lib' }), files)
    const dump = await meddle(host, 'cd /; pg_dump -Fc lib | base64 -w 0', 'postgres')
    writeFileSync(custom ?? '', Buffer.from(dump, 'base64'))
    await proveOnce(host, pg_restore({ src: custom ?? '', db: "it's" }), files)
    const { result } = await runCall(host, pg_query({ query: 'SELECT count(*)::int AS n FROM a', db: "it's" }))
    assert.is(result.rows[0]?.['n'], 2)
    const { rows } = (await runCall(host, pg_query({ query: 'SELECT datname FROM pg_database ORDER BY 1' }))).result
    assert.equal(
      rows.map((row) => row['datname']),
      ["it's", 'lib', 'postgres', 'template0', 'template1'],
      'nothing half restored is left',
    )
  }))

test('a standby that is promoted leaves two primaries: told, and not followed by what takes writes', async () => {
  await on('h2', (host) => runCall(host, pg_promote({})))
  await on('h1', async (host) => {
    await runCall(host, pg_query({ query: 'CREATE TABLE only_here (a int)' }))
    assert.match(await failure(runCall(host, whoLeads)), /h1 and h2 both take writes/)
    assert.match(await failure(runCall(host, pg_standby(way(h2)))), /takes writes/)
    assert.match(await failure(runCall(host, pg_rewind({ ...way(h2), force: true }))), /runs, and has to be rewound/)
  })
})

test('what went on alone is taken back only by force; then it follows', async () => {
  await on('h2', (host) => runCall(host, pg_query({ query: 'CHECKPOINT', changes: true })))
  await on('h1', async (host) => {
    await meddle(host, `systemctl stop ${unit}`)
    assert.is((await runCall(host, pg_controldata({ version }))).result.state, 'shut down')
    assert.match(await failure(runCall(host, pg_rewind(way(h2)))), /would lose what was written to it alone/)
    const { result } = await proveOnce(host, pg_rewind({ ...way(h2), force: true }))
    assert.match(result.why, /went on to/)
    await proveOnce(host, pg_standby(way(h2)))
    await meddle(host, `systemctl start ${unit}`)
    await streams(host)
    const { rows } = (await runCall(host, pg_query({ query: "SELECT FROM pg_class WHERE relname = 'only_here'" })))
      .result
    assert.equal(rows, [])
    assert.is((await runCall(host, whoLeads)).result.name, 'h2')
    await settled(host, pg_rewind(way(h2)))
    const shown = await meddle(host, `cat /etc/postgresql/${version}/main/conf.d/*.conf; ps axww -o args`)
    assert.not.match(shown, /a secret/)
  })
})

test('when the primary stops, each still knows who leads', async () => {
  await on('h2', (host) => meddle(host, `systemctl stop ${unit}`))
  for (const name of ['h1', 'h2'])
    await on(name, async (host) => {
      const { name: leader, alive } = (await runCall(host, whoLeads)).result
      assert.equal([leader, alive], ['h2', false])
    })
})

test.run()
