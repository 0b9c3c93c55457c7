import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { isEndOfSession, noServer, serverTrouble, sqlState } from '../../../../lib/host/postgres/trouble.ts'
import { valueTypes } from '../../../../lib/host/postgres/values.ts'
import { Unreadable } from '../../../../lib/host/unreadable.ts'
import { rememberSecret } from '../../../../lib/secret.ts'

test('the server’s error keeps all it said, without secrets', () => {
  rememberSecret('hush-hush')
  const error = serverTrouble(
    'db1',
    Object.assign(new Error('role "x" hush-hush'), {
      severity: 'ERROR',
      code: '42710',
      detail: 'd hush-hush',
      hint: 'do it',
    }),
    `CREATE ROLE x PASSWORD 'hush-hush'`,
  )
  assert.is(error.message, 'PostgreSQL: role "x" ********')
  assert.is(error.next, 'do it')
  assert.equal(error.data, {
    severity: 'ERROR',
    code: '42710',
    detail: 'd ********',
    hint: 'do it',
    statement: `CREATE ROLE x PASSWORD '********'`,
  })
})

test('no server is unreadable, for the engine to predict', () => {
  const error = noServer('db1', {}, 'Connection refused')
  assert.ok(error instanceof Unreadable)
  assert.is(error.what, 'database')
  assert.match(error.message, /\.s\.PGSQL\.5432: Connection refused/)
})

const ends: readonly [string, unknown, boolean][] = [
  ['a server that was stopped', { code: '57P01' }, true],
  ['a broken connection', new Error('Connection terminated unexpectedly'), true],
  ['a broken pipe', Object.assign(new Error('x'), { code: 'EPIPE' }), true],
  ['a syntax error', { code: '42601' }, false],
  ['a time limit', new Error('Query read timeout'), false],
  ['an error of ours', noServer('h', {}, 'x'), false],
]
for (const [name, thrown, ended] of ends)
  test(`${name} ${ended ? 'ends' : 'does not end'} the session`, () => assert.is(isEndOfSession(thrown), ended))

test('an SQLSTATE is told from the system’s error codes', () => {
  assert.equal(
    [
      sqlState({ code: '3D000' }),
      sqlState({ code: 'EPIPE' }),
      sqlState({ code: 'ECONNRESET' }),
      sqlState(new Error('x')),
    ],
    ['3D000', undefined, undefined, undefined],
  )
})

const values: readonly [number, string, unknown][] = [
  [20, '42', 42],
  [20, '9223372036854775807', '9223372036854775807'],
  [16, 't', true],
  [114, '{"a":[1]}', { a: [1] }],
  [1016, '{1,NULL,9223372036854775807}', [1, null, '9223372036854775807']],
  [1003, '{a,"b c"}', ['a', 'b c']],
  [1184, 'infinity', 'infinity'],
  [1700, '1.10', '1.10'],
]
for (const [oid, text, wanted] of values)
  test(`a value of type ${oid}: ${text}`, () => assert.equal(valueTypes.getTypeParser(oid)(text), wanted))

test.run()
