import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { Secret } from '../../lib/secret.ts'
import { passfileOf, publisherLogin } from '../../lib/kit/postgres/logical/connparams.ts'
import { contentSql, showContent, type Content } from '../../lib/kit/postgres/logical/publication.ts'
import { alterations, creation, removal, renewal } from '../../lib/kit/postgres/logical/subscription-plan.ts'
import { withoutPassword, type Subscription } from '../../lib/kit/postgres/logical/subscription.ts'
import { showSync } from '../../lib/kit/postgres/logical/sync-state.ts'
import { columnName } from '../../lib/kit/postgres/sql/table.ts'
import { parseTable } from '../../lib/kit/postgres/sql/table-name.ts'
import { sameParameter } from '../../lib/kit/postgres/sql/with-clause.ts'
import { workerTroubles } from '../../lib/kit/postgres/logical/worker-log.ts'
import { pictureMermaid, pictureText, type Picture } from '../../playbooks/pictures/picture.ts'

test('tables are named with a schema or without, quoted or not', () => {
  assert.equal(parseTable('test1'), { schema: 'public', name: 'test1' })
  assert.equal(parseTable('sales.orders'), { schema: 'sales', name: 'orders' })
  assert.equal(parseTable('"a.b"."c ""d"""'), { schema: 'a.b', name: 'c "d"' })
})

test('any quoted name is read back', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), fc.string({ minLength: 1 }), (schema, name) => {
      const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
      assert.equal(parseTable(`${quoted(schema)}.${quoted(name)}`), { schema, name })
    }),
  )
})

test('a column is known by what its SQL begins with', () => {
  assert.is(columnName('K1 integer PRIMARY KEY'), 'k1')
  assert.is(columnName('"Odd ""one""" text'), 'Odd "one"')
})

test('parameters that mean the same are the same', () => {
  for (const [one, other, same] of [
    [true, 'on', true],
    ['yes', 'true', true],
    ['insert, update', ['update', 'insert'], true],
    ['insert', 'insert,update', false],
    [false, 'on', false],
  ] as const)
    assert.is(sameParameter(one, other), same, `${String(one)} and ${String(other)}`)
})

test('what a publication holds, as SQL and as people read it', () => {
  const table = { schema: 'public', name: 'Test', columns: ['id', 'note'], filter: 'id > 5' }
  const content: Content = { all: false, tables: [table], schemas: ['sales'] }
  assert.is(contentSql(content).text, 'TABLE "public"."Test" ("id", "note") WHERE (id > 5), TABLES IN SCHEMA "sales"')
  assert.equal(showContent(content), ['public.Test (id, note) where id > 5', 'schema sales'])
})

const login = { host: '10.0.0.1', port: 5432, user: 'logical', password: new Secret('s3cr:et\\'), dbname: 'repl' }

test('a password goes into the passfile, never into the connection string', () => {
  const { conninfo, passfile } = publisherLogin(login, 'subs_test1', '/var/lib/postgresql/17/main')
  assert.is(
    conninfo,
    'host=10.0.0.1 port=5432 user=logical dbname=repl passfile=/var/lib/postgresql/17/.main-subs_test1.pgpass',
  )
  assert.is(passfile?.text.reveal(), '10.0.0.1:5432:*:logical:s3cr\\:et\\\\\n')
  assert.is(passfileOf('/data/', 'a/b'), '/.data-a_b.pgpass')
})

test('a password that somebody else put into a subscription is not shown', () => {
  for (const [text, shown] of [
    ['host=a password=postgres dbname=b', 'host=a password=******** dbname=b'],
    ["password = 'it\\'s here' host=a", 'password = ******** host=a'],
    ['postgresql://me:secret@host/db', 'postgresql://me:********@host/db'],
  ] as const)
    assert.is(withoutPassword(text), shown)
})

const wanted = {
  name: 'subs_test1',
  conninfo: 'host=a',
  publications: ['publ_test1'],
  parameters: { enabled: true, copy_data: true, slot_name: 'mine' },
}
const there: Subscription = {
  ...{ owner: 'postgres', comment: null, enabled: true, conninfo: 'host=a', slot: 'mine' },
  ...{ publications: ['publ_test1'], row: {}, tables: ['public.test1'] },
}
const texts = (statements: readonly { readonly text: string }[]) => statements.map(({ text }) => text)

test('a subscription is created over a slot that was made before it', () => {
  assert.equal(texts(creation(wanted, 'mine')), [
    `CREATE SUBSCRIPTION "subs_test1" CONNECTION 'host=a' PUBLICATION "publ_test1" WITH ("enabled" = 'true', "copy_data" = 'true', "slot_name" = 'mine', "create_slot" = 'false')`,
  ])
})

const changes: readonly [string, Partial<Subscription>, readonly string[], readonly string[]][] = [
  ['nothing', {}, ['public.test1'], []],
  ['disabled', { enabled: false }, [], ['ALTER SUBSCRIPTION "subs_test1" ENABLE']],
  ['another server', { conninfo: 'host=b' }, [], [`ALTER SUBSCRIPTION "subs_test1" CONNECTION 'host=a'`]],
  ['another slot', { slot: 'other' }, [], [`ALTER SUBSCRIPTION "subs_test1" SET ("slot_name" = 'mine')`]],
  [
    'a table more on the publisher',
    {},
    ['public.test1', 'public.test2'],
    [`ALTER SUBSCRIPTION "subs_test1" REFRESH PUBLICATION WITH ("copy_data" = 'true')`],
  ],
  [
    'other publications',
    { publications: ['old'] },
    [],
    [`ALTER SUBSCRIPTION "subs_test1" SET PUBLICATION "publ_test1" WITH ("copy_data" = 'true')`],
  ],
]
for (const [name, now, tables, statements] of changes)
  test(`a subscription is altered: ${name}`, () => {
    assert.equal(texts(alterations(wanted, { ...there, ...now }, { slot: undefined, tables })), statements)
  })

test('a lost slot: removed and emptied in one transaction, then made anew', () => {
  const { together, single } = renewal(wanted, there, 'mine')
  assert.equal(texts(together), [
    'ALTER SUBSCRIPTION "subs_test1" DISABLE',
    'ALTER SUBSCRIPTION "subs_test1" SET (slot_name = NONE)',
    'DROP SUBSCRIPTION "subs_test1"',
    'TRUNCATE public.test1',
  ])
  assert.is(single.length, 1)
  assert.equal(texts(removal('a', false, true).single), ['DROP SUBSCRIPTION "a" CASCADE'])
})

const log = `2026-11-20 12:00:00.000 UTC [11] LOG:  logical replication apply worker for subscription "subs_test1" has started
2026-11-20 12:00:00.010 UTC [11] ERROR:  could not connect to the publisher: connection to server at "10.0.0.1", port 5432 failed: FATAL:  password authentication failed for user "logical"
\tconnection to server at "10.0.0.1", port 5432 failed: FATAL:  no pg_hba.conf entry
2026-11-20 12:00:00.020 UTC [9] LOG:  background worker "logical replication worker" (PID 11) exited with exit code 1
2026-11-20 12:00:01.000 UTC [12] LOG:  logical replication table synchronization worker for subscription "subs_test1", table "test1" has started
2026-11-20 12:00:01.010 UTC [12] ERROR:  duplicate key value violates unique constraint "test1_pkey"
2026-11-20 12:00:01.010 UTC [12] DETAIL:  Key (k1)=(1) already exists.
2026-11-20 12:00:01.010 UTC [12] CONTEXT:  COPY test1, line 1
2026-11-20 12:00:02.000 UTC [13] postgres@repl ERROR:  somebody mistyped
2026-11-20 12:00:03.000 UTC [14] ERROR:  apply worker for subscription "subs_test1" could not connect to the publisher: timeout
2026-11-20 12:00:03.000 UTC [15] ERROR:  apply worker for subscription "other" could not connect to the publisher: timeout
`

test("the server's log says why workers ended: only those of this subscription", () => {
  const troubles = workerTroubles(log, 'subs_test1')
  assert.is(troubles.length, 3, troubles.join('\n'))
  assert.match(troubles[0] ?? '', /password authentication failed .* no pg_hba.conf entry/)
  assert.is(troubles[1], 'duplicate key value violates unique constraint "test1_pkey" (Key (k1)=(1) already exists.)')
  assert.match(troubles[2] ?? '', /timeout/)
  assert.equal(workerTroubles('', 'x'), [])
})

test('how far a copy has come, in one line', () => {
  const tables = [
    { table: 'test1', state: 'd', rows: 12000, bytes: 3565158 },
    { table: 'test2', state: 'i', rows: null, bytes: null },
  ] as const
  assert.is(showSync({ enabled: true, heard: true, tables }), 'test1 copies, 12000 rows, 3.4 MB; test2 waits')
  assert.is(
    showSync({ enabled: true, heard: false, tables: [{ ...tables[1], state: 'r' }] }),
    'waits for its publisher',
  )
})

const picture: Picture = {
  title: 'Two',
  servers: [
    { name: 'a', about: ['writes "x"', 'more'] },
    { name: 'b', about: [] },
  ],
  flows: [
    { from: 'a', to: 'b', what: 'x [1]', state: 'streaming', flowing: true },
    { from: 'b', to: 'a', what: 'y', state: '', flowing: false },
  ],
}

test('a picture as text', () => {
  assert.is(
    pictureText(picture),
    ['Two', 'a: writes "x"', '  more', '  <- - b  y', 'b', '  <── a  x [1]: streaming'].join('\n'),
  )
})

test('a picture for Mermaid: what means something there is written by its number', () => {
  const text = pictureMermaid(picture)
  assert.match(text, /^ {2}s1\["a<br>writes #34;x#34;<br>more"\]$/m)
  assert.match(text, /^ {2}s1 -->\|"x #91;1#93;<br>streaming"\| s2$/m)
  assert.match(text, /^ {2}s2 -\.->\|"y"\| s1$/m)
})

test.run()
