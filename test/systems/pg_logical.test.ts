/** Publications and subscriptions between two servers: made, changed, drifted and mended; and what is said when a subscription cannot go on. */
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../lib/host/host.ts'
import { Secret } from '../../lib/secret.ts'
import * as modules from '../../modules/index.ts'
import { failure, meddle, pgLab, proveOnce, settled } from '../modules-lab/pg_lab.ts'
import { prove, runCall } from '../../lib/testing/index.ts'

const { pg_cluster, pg_conf, pg_hba, pg_publication, pg_subscription, pg_subscription_ready, pg_table, pg_user } =
  modules

const { lab, version, on } = await pgLab('m-pg-logical', ['h1', 'h2'])
const test = suite('pg modules of logical replication')
test.after(() => lab.down())
const password = new Secret('correct horse battery')
const onHost = (name: string, host: string, work: (host: Host) => Promise<unknown>) =>
  test(name, () => on(host, async (one) => void (await work(one))))
const sql = (host: Host, query: string) => host.postgres({}).execute(query)

for (const name of ['h1', 'h2'])
  onHost(`${name}: a server that others reach`, name, async (host) => {
    await runCall(host, pg_cluster({ version, locale: 'C.UTF-8' }))
    await runCall(host, pg_conf({ version, settings: { wal_level: 'logical', listen_addresses: '*' } }))
    const rules = [
      { type: 'local', databases: 'all', users: 'postgres', method: 'peer' },
      { type: 'host', databases: 'all', users: 'logical', address: '10.77.0.0/16', method: 'scram-sha-256' },
    ] as const
    await runCall(host, pg_hba({ version, overwrite: true, rules: [...rules] }))
    await runCall(host, pg_cluster({ version, state: 'started' }))
    await runCall(host, pg_user({ name: 'logical', password, role_attr_flags: 'REPLICATION,SUPERUSER' }))
  })

for (const name of ['h1', 'h2'])
  onHost(`${name}: pg_table makes a table, adds columns, and leaves the rest alone`, name, async (host) => {
    await prove(host, pg_table({ name: 'notes', columns: ['id integer PRIMARY KEY'] }))
    await sql(host, 'ALTER TABLE notes ADD COLUMN extra text')
    const { diff } = await prove(host, pg_table({ name: 'notes', columns: ['id integer PRIMARY KEY', 'note text'] }))
    assert.equal(diff[0]?.after, { columns: ['id', 'extra', 'note'] })
    await prove(host, pg_table({ name: 'gone', columns: ['id integer'] }))
    await prove(host, pg_table({ name: 'gone', state: 'absent' }))
    await prove(host, pg_table({ name: 'more', columns: ['id integer PRIMARY KEY'] }))
  })

onHost('pg_publication: tables, columns, conditions, parameters; drifts are mended', 'h1', async (host) => {
  const call = pg_publication({
    name: 'pub',
    columns: { notes: ['note', 'id'] },
    rowfilters: { notes: "id>0 AND note<>'secret'" },
    parameters: { publish: 'update,insert' },
    comment: 'for h2',
  })
  await prove(host, call)
  for (const drift of [
    'ALTER PUBLICATION pub SET TABLE notes',
    'ALTER PUBLICATION pub SET TABLE notes (id, note) WHERE (id > 1)',
    'ALTER PUBLICATION pub ADD TABLE more',
    "ALTER PUBLICATION pub SET (publish = 'insert')",
    'COMMENT ON PUBLICATION pub IS NULL',
  ]) {
    await sql(host, drift)
    await prove(host, call)
  }
  await settled(
    host,
    pg_publication({
      name: 'pub',
      columns: { notes: ['id', 'note'] },
      rowfilters: { notes: "(id > 0) AND (note <> 'secret'::text)" },
    }),
  )
  await prove(host, pg_publication({ name: 'pub' }))
  await prove(host, pg_publication({ name: 'pub', tables: ['notes'] }))
  await prove(host, pg_publication({ name: 'brief', tables_in_schema: ['public'] }))
  await prove(host, pg_publication({ name: 'brief', state: 'absent' }))
  assert.match(await failure(runCall(host, pg_publication({ name: 'bad', tables: ['nowhere'] }))), /nowhere/)
  await sql(host, `INSERT INTO notes SELECT i, 'x', 'note ' || i FROM generate_series(1, 1000) i`)
})

const subscription = (more: object = {}) =>
  pg_subscription({
    name: 'sub',
    publications: ['pub'],
    connparams: { host: lab.address('h1'), user: 'logical', password, dbname: 'postgres' },
    subsparams: { enabled: true, slot_name: 'sub_h2' },
    recover: true,
    ...more,
  })
const ready = pg_subscription_ready({ name: 'sub', timeout: 120 })
const count = async (host: Host) => (await sql(host, 'SELECT count(*)::int AS n FROM notes'))[0]?.['n']

onHost('pg_subscription: created, copied, and its password stands in the passfile only', 'h2', async (host) => {
  const { result } = await proveOnce(host, subscription())
  assert.not.match(JSON.stringify(result), /correct horse/)
  assert.equal((await runCall(host, ready)).result.tables, ['notes'])
  assert.is(await count(host), 1000)
  assert.not.match(String((await sql(host, 'SELECT subconninfo FROM pg_subscription'))[0]?.['subconninfo']), /horse/)
  const passfile = `/var/lib/postgresql/${version}/.main-sub.pgpass`
  assert.match(
    await meddle(host, `stat -c '%U %a' ${passfile}; cat ${passfile}`),
    /^postgres 600\n.*:logical:correct horse battery$/,
  )
})

for (const [name, drift] of [
  ['disabled', 'ALTER SUBSCRIPTION sub DISABLE'],
  ['another parameter', "ALTER SUBSCRIPTION sub SET (synchronous_commit = 'on')"],
  [
    'a password in its conninfo',
    `ALTER SUBSCRIPTION sub CONNECTION 'host=${lab.address('h1')} user=logical password=hushhush dbname=postgres'`,
  ],
] as const)
  onHost(`pg_subscription: ${name} is mended`, 'h2', async (host) => {
    await sql(host, drift)
    const call = subscription({ subsparams: { enabled: true, slot_name: 'sub_h2', synchronous_commit: 'off' } })
    const { diff } = await proveOnce(host, call)
    assert.not.match(JSON.stringify(diff), /hushhush/)
    await runCall(host, ready)
  })

test('a table that the publisher adds is taken up', async () => {
  await on('h1', async (host) => {
    await sql(host, 'INSERT INTO more VALUES (7)')
    await runCall(host, pg_publication({ name: 'pub', tables: ['notes', 'more'] }))
  })
  await on('h2', async (host) => {
    await proveOnce(host, subscription())
    assert.equal((await runCall(host, ready)).result.tables, ['more', 'notes'])
    assert.equal(await sql(host, 'SELECT id FROM more'), [{ id: 7 }])
  })
})

test('a slot that is lost: an error that says so, or with recover all copied anew', async () => {
  await on('h2', (host) => sql(host, 'ALTER SUBSCRIPTION sub DISABLE'))
  await on('h1', async (host) => {
    const idle = `for i in $(seq 200); do runuser -u postgres -- psql -qAtc "select pg_drop_replication_slot('sub_h2')" 2>/dev/null && exit; sleep 0.3; done; exit 1`
    await meddle(host, idle)
    await sql(host, `INSERT INTO notes VALUES (1001, 'x', 'missed')`)
  })
  await on('h2', async (host) => {
    assert.match(await failure(runCall(host, subscription({ recover: false }))), /has no slot sub_h2 any more/)
    await proveOnce(host, subscription())
    await runCall(host, ready)
    assert.is(await count(host), 1001)
  })
})

onHost(
  'pg_subscription_ready: a subscription that is disabled, or whose worker cannot apply, is an error',
  'h2',
  async (host) => {
    await sql(host, 'ALTER TABLE more ADD COLUMN must text')
    await sql(host, 'ALTER TABLE more ADD CONSTRAINT never CHECK (id <> 8)')
    await on('h1', (publisher) => sql(publisher, 'INSERT INTO more VALUES (8)'))
    await sql(host, 'ALTER SUBSCRIPTION sub DISABLE')
    assert.match(await failure(runCall(host, ready)), /subscription sub is disabled/)
    await sql(host, 'DROP TABLE more')
    await sql(host, 'ALTER SUBSCRIPTION sub ENABLE')
    await failure(runCall(host, pg_subscription_ready({ name: 'sub', timeout: 120 })))
  },
)

onHost('pg_subscription: removed with its slot', 'h2', async (host) => {
  await runCall(host, pg_table({ name: 'more', columns: ['id integer PRIMARY KEY'] }))
  await proveOnce(host, pg_subscription({ name: 'sub', state: 'absent' }))
  await on('h1', async (publisher) =>
    assert.equal(await sql(publisher, 'SELECT slot_name FROM pg_replication_slots'), []),
  )
})

test.run()
