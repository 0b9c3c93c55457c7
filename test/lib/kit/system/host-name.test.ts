import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { hostNameComplaint, staticHostName } from '../../../../lib/kit/system/index.ts'

for (const name of ['db1', 'db1.example.org', 'a', '4', 'DB-1', 'web_1', 'x'.repeat(64)])
  test(`"${name}" is a host name`, () => assert.equal(hostNameComplaint(name), []))

for (const name of ['-db', 'db-', '.db', 'db.', 'a..b', 'a b', 'a\n', 'a/b', 'ä', '', 'x'.repeat(65)])
  test(`${JSON.stringify(name)} is none`, () => assert.is(hostNameComplaint(name).length, 1))

test('no accepted name is an option, a path or more than one line', () =>
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '1', '-', '.', '_', '/', '\n', ' ') }), (name) => {
      if (hostNameComplaint(name).length === 0) assert.match(name, /^[a1][a1_.-]*$/)
    }),
  ))

test('comments and blank lines of /etc/hostname are no name', () => {
  assert.is(staticHostName('# by the installer\n\n  db1 \n'), 'db1')
  assert.is(staticHostName(''), '')
})

test.run()
