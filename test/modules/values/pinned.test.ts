/** What values could do once: each is one value now, or refused before a host is touched. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encode } from '../../../lib/encode/index.ts'
import type { Call } from '../../../lib/play/module.ts'
import { validate } from '../../../lib/schema/index.ts'
import { pg_membership } from '../../../modules/pg_membership.ts'
import * as modules from '../../../modules/index.ts'
import { nameMatcher } from '../../../lib/kit/command/guard.ts'
import { ident } from '../../../lib/kit/postgres/sql/sql.ts'
import { withBlock } from '../../../lib/kit/text/block-edit.ts'
import { shellWords } from './words.ts'

/** What is said of a call before a host is touched. */
function complaints(call: Call<unknown>): string {
  const valid = validate(call.schema, call.params, 'parameter')
  if (!valid.ok) return valid.problems.map(({ message }) => message).join('\n')
  return (call.module.check?.(valid.value) ?? []).join('\n')
}

const zoneWith = (name: string) => ({
  ...{ name: 'db.internal', path: '/etc/bind/db', name_server: 'ns.db.internal.' },
  records: [{ name, type: 'A' as const, value: '10.0.0.1' }],
})
const backup = { name: 'pg1', version: '17' }
const refused: readonly (readonly [what: string, call: Call<unknown>, names: RegExp])[] = [
  ['a program cannot be named like an option', modules.command({ argv: ['--x'] }), /"argv"/],
  ['a pattern of units would stop them all', modules.service({ name: '*', state: 'stopped' }), /"name"/],
  ['a unit with a blank', modules.systemd({ name: 'a b', state: 'stopped' }), /"name"/],
  ['a NUL byte', modules.stat({ path: '/a\0b' }), /"path" holds a NUL byte/],
  ['half a character', modules.copy({ content: 'a\ud800', dest: '/a' }), /"content" holds half/],
  [
    'a NUL byte in a parameter',
    modules.pg_publication({ name: 'a', parameters: { publish: 'x\0' } }),
    /"parameters.publish" holds a NUL byte/,
  ],
  [
    'a NUL byte in a column',
    modules.pg_publication({ name: 'a', columns: { t: ['x\0'] } }),
    /"columns.t\[0\]" holds a NUL byte/,
  ],
  ['a NUL byte in a key', modules.pg_user({ name: 'a', configuration: { 'a\0b': 'x' } }), /"configuration" has a key/],
  ['a version that leads elsewhere', modules.pg_conf({ version: 'x/../..', settings: { a: 1 } }), /"version"/],
  ['a setting that would break its file', modules.pg_conf({ version: '17', settings: { 'a.b$c': 1 } }), /"a.b\$c"/],
  ['a setting of three parts', modules.pg_conf({ version: '17', settings: { 'a.b.c': 1 } }), /"a.b.c"/],
  ['a cluster that leads elsewhere', modules.pg_cluster({ version: '17', name: '..' }), /"name"/],
  ['an owner like an option', modules.pg_cluster({ version: '17', owner: '--x' }), /"owner"/],
  ['shell in barman_home', modules.barman_verify_restore({ ...backup, barman_home: '/x$(id)' }), /"barman_home"/],
  ['a relative barman_home', modules.barman_list_backups({ name: 'pg1', barman_home: 'x' }), /"barman_home"/],
  ['an address with a newline', modules.wait_for({ host: 'a\nb', port: 1 }), /"host"/],
  ['options of socat', modules.pg_ping({ login_host: 'a,exec=id' }), /"login_host"/],
  ['options of nc', modules.pg_ping({ login_host: '-oProxy' }), /"login_host"/],
  ['a colon in a user of HTTP', modules.haproxy_info({ username: 'a:b' }), /"username"/],
  ['a URL with a newline', modules.etcd_info({ endpoints: ['http://a\nb'] }), /"endpoints/],
  ['a link to nothing', modules.file({ path: '/a', src: '', state: 'link' }), /"src"/],
  ['a group that is no name', modules.user({ name: 'a', group: '-x' }), /"group"/],
  ['a folder of a command that depends on the shell', modules.command({ argv: ['x'], chdir: 'a' }), /"chdir"/],
  ['an address that is a file', modules.pg_hba({ version: '17', contype: 'host', address: '@x' }), /"address"/],
  ['a record outside its zone', modules.bind_zone(zoneWith('.')), /records\[0\].name: \. is outside/],
  ['a record of another zone', modules.bind_zone(zoneWith('a.xdb.internal.')), /records\[0\].name: .* is outside/],
  ['a host name with a slash', modules.pg_hba({ version: '17', contype: 'host', address: 'a/5' }), /"address"/],
]
for (const [what, call, names] of refused) test(what, () => assert.match(complaints(call), names))

test('a marker is written as it is given', () =>
  assert.is(
    withBlock(Buffer.from(''), { marker: '# {mark}', marker_begin: '$$A$&', marker_end: 'B', block: 'x' }).toString(),
    '# $$A$&\nx\n# B\n',
  ))

test('a record may have its whole name', () => assert.is(complaints(modules.bind_zone(zoneWith('A.DB.internal.'))), ''))

test('a bracket that opens no set is itself', () => assert.ok(nameMatcher('a[')('a[')))

test('a name that the server would cut is refused', () => {
  assert.is(ident('x'.repeat(63)).text.length, 65)
  assert.throws(() => ident('é'.repeat(32)), /64 bytes/)
})

test('a network is an address with its prefix, and a host name has none', () => {
  assert.is(encode.pgHbaAddress('10.0.0.0/8'), '10.0.0.0/8')
  assert.throws(() => encode.pgHbaAddress('db1/8'), /network/)
})

test('a list of roles is taken as it is, where text would be parted at its commas', () => {
  const call = pg_membership({ groups: ['pg_monitor'], target_roles: ['a,b'] })
  const valid = validate(call.schema as never, call.params, 'parameter')
  assert.equal(valid.ok && (valid.value as { target_roles: unknown }).target_roles, ['a,b'])
})

test('the reader of scripts takes quotes away as a shell does', () =>
  assert.equal(
    shellWords(`a 'b c' "d 'e'" f\\ g # h\ni`).map(({ text }) => text),
    ['a', 'b c', "d 'e'", 'f g', '\n', 'i'],
  ))

test.run()
