import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { namedOptions, otherOptions } from '../../lib/kit/barman/options.ts'
import { hasPassword, renderSection } from '../../lib/kit/barman/section.ts'
import { barman_backup } from '../../modules/barman_backup.ts'
import { barman_recover } from '../../modules/barman_recover.ts'
import { barman_server } from '../../modules/barman_server.ts'
import { cronTable } from '../../modules/barman_cron.ts'
import { validate } from '../../lib/schema/index.ts'
import type { AnyDefinition, Call } from '../../lib/play/module.ts'

function complaints(call: Call): readonly string[] {
  const valid = validate(call.schema, call.params, 'parameter')
  if (!valid.ok) return valid.problems.map(({ message }) => message)
  return (call.module as AnyDefinition).check?.(valid.value) ?? []
}

test('a section holds what was given, in the order of barman’s templates', () =>
  assert.is(
    renderSection(
      'pg1',
      { streaming_archiver: true, archiver: false, conninfo: 'host=a', parallel_jobs: 2 },
      { check_timeout: 60 },
    ),
    `; Managed by hostwright: what is changed here by hand is overwritten.
[pg1]
conninfo = host=a
parallel_jobs = 2
streaming_archiver = on
archiver = off
check_timeout = 60
`,
  ))

const good = { name: 'pg1', conninfo: 'host=a user=barman', streaming_archiver: true }
const refused: readonly (readonly [string, Parameters<typeof barman_server>[0], string])[] = [
  ['a misspelt option', { ...good, options: { retention_polcy: 'REDUNDANCY 2' } }, 'did you mean "retention_policy"?'],
  ['a parameter among the options', { ...good, options: { conninfo: 'x' } }, 'a parameter of its own'],
  ['an option of barman as a whole', { ...good, options: { barman_home: '/srv' } }, '/etc/barman.conf'],
  ['a password in conninfo', { ...good, conninfo: 'host=a password=x' }, '.pgpass'],
  ['a password in a URI', { ...good, streaming_conninfo: 'postgresql://b:x@a/postgres' }, '.pgpass'],
  ['a password in an option', { ...good, options: { wal_conninfo: 'password = x' } }, '.pgpass'],
  ['two lines', { ...good, description: 'a\n[b]' }, 'a newline cannot be written'],
  ['a percent sign', { ...good, description: '100%' }, 'has a %'],
  ['no conninfo', { name: 'pg1', streaming_archiver: true }, '"conninfo" is required'],
  ['no way for WAL', { name: 'pg1', conninfo: 'host=a' }, 'one of "streaming_archiver" and "archiver"'],
  ['rsync without ssh', { ...good, backup_method: 'rsync' }, '"ssh_command" is required'],
  ['a reserved name', { ...good, name: 'all' }, 'no name for a server'],
  ['a name that would leave the directory', { ...good, name: '../x' }, 'pattern'],
]
for (const [what, params, message] of refused)
  test(`refused before any host is touched: ${what}`, () =>
    assert.match(complaints(barman_server(params)).join('\n'), message))

test('what is right is not complained of', () => {
  assert.equal(complaints(barman_server(good)), [])
  assert.equal(complaints(barman_server({ name: 'pg1', state: 'absent' })), [])
  assert.equal(complaints(barman_server({ name: 'passive', options: { primary_ssh_command: 'ssh barman@other' } })), [])
})

test('host names and users with "password" in them are no passwords', () => {
  for (const text of ['host=password.example user=x', 'postgresql://barman@host:5432/postgres', 'passfile=/etc/x'])
    assert.not(hasPassword(text), text)
})

test('no option is listed twice', () => {
  const all: readonly string[] = [...namedOptions, ...otherOptions]
  assert.is(new Set(all).size, all.length)
})

test('ages and targets are checked', () => {
  assert.match(complaints(barman_backup({ name: 'pg1', max_age: '1 day' })).join(), 'a number and a unit')
  assert.match(
    complaints(barman_recover({ name: 'pg1', path: '/x', target_time: 'now', target_xid: '5' })).join(),
    '"target_time" and "target_xid" exclude each other',
  )
  assert.match(complaints(barman_recover({ name: 'pg1', path: 'relative' })).join(), 'pattern')
})

test('cron runs barman as its user', () => assert.match(cronTable('bm'), /^\* \* \* \* \* bm .*barman -q cron$/m))

test.run()
