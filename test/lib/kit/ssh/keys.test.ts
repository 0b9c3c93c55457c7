import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  isWhole,
  parseAuthorizedKey,
  withKeys,
  withoutKeys,
  type AuthorizedKey,
} from '../../../../lib/kit/ssh/authorized-keys-edit.ts'
import { hashedName, isNamed, withHostKeys, withoutHost } from '../../../../lib/kit/ssh/known-hosts-edit.ts'
import { parseHostKey, type HostKey } from '../../../../lib/known-hosts-line.ts'

const host = (line: string): HostKey => {
  const key = parseHostKey(line)
  if (key === undefined) throw new Error(line)
  return key
}
const known = (content: string, name: string, ...keys: string[]) =>
  withHostKeys(Buffer.from(content), name, keys.map(host), false).toString()

const hashed = `${hashedName('foo', 'KEY')} rsa KEY`
const hosts: readonly (readonly [why: string, before: string, key: string, after: string])[] = [
  ['a new host', 'bar rsa OLD\n', 'foo rsa KEY', 'bar rsa OLD\nfoo rsa KEY\n'],
  [
    'another key replaces the old one of its type',
    'foo rsa OLD\nfoo dsa X\n',
    'foo rsa KEY',
    'foo dsa X\nfoo rsa KEY\n',
  ],
  ['other names keep their key', 'foo,bar rsa OLD\n', 'foo rsa KEY', 'bar rsa OLD\nfoo rsa KEY\n'],
  [
    'a name among others is known already',
    '# c\nfoo,bar rsa KEY comment\n',
    'foo rsa KEY',
    '# c\nfoo,bar rsa KEY comment\n',
  ],
  ['only what is missing is added', 'foo rsa KEY\n', 'foo,192.0.2.1 rsa KEY', 'foo rsa KEY\n192.0.2.1 rsa KEY\n'],
  ['a file without its last newline', 'bar rsa X', 'foo rsa KEY', 'bar rsa X\nfoo rsa KEY\n'],
  ['revoked keys are others', '@revoked foo rsa OLD\n', 'foo rsa KEY', '@revoked foo rsa OLD\nfoo rsa KEY\n'],
  ['names know no case', 'FOO rsa KEY\n', 'foo rsa KEY', 'FOO rsa KEY\n'],
  ['a hashed name becomes readable where that is wanted', `${hashed}\n`, 'foo rsa KEY', 'foo rsa KEY\n'],
]
for (const [why, before, key, after] of hosts)
  test(`known_hosts: ${why}`, () => {
    assert.is(known(before, 'foo', key), after)
    assert.is(known(after, 'foo', key), after)
  })

test('known_hosts: hashed names are made, found and taken away', () => {
  const made = withHostKeys(Buffer.from('foo,bar rsa KEY\n'), 'foo', [host('foo rsa KEY')], true)
  assert.match(made.toString(), /^bar rsa KEY\n\|1\|[^|]+\|[^|]+ rsa KEY\n$/)
  assert.ok(isNamed(made.toString().split('\n')[1]?.split(' ')[0] ?? '', 'foo'))
  assert.ok(withHostKeys(made, 'foo', [host('foo rsa KEY')], true).equals(made))
  assert.is(withoutHost(made, 'foo', []).toString(), 'bar rsa KEY\n')
})

test('known_hosts: a host is forgotten, or one key of it', () => {
  const file = Buffer.from('foo,bar rsa A\nfoo dsa B\nbaz rsa A\n')
  assert.is(withoutHost(file, 'foo', []).toString(), 'bar rsa A\nbaz rsa A\n')
  assert.is(withoutHost(file, 'foo', [host('foo dsa B')]).toString(), 'foo,bar rsa A\nbaz rsa A\n')
  assert.is(withoutHost(file, 'foo', [host('foo dsa OTHER')]).toString(), file.toString())
})

const blob = 'AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'
const key = (line: string): AuthorizedKey => {
  const parsed = parseAuthorizedKey(line)
  if (parsed === undefined) throw new Error(line)
  return parsed
}

test('authorized_keys: options with quotes, commas and blanks are read whole', () => {
  assert.equal(key(`command="echo \\"a, b\\"",from="10.0.0.0/8,192.0.2.1",restrict ssh-ed25519 ${blob} me at home`), {
    options: ['command="echo \\"a, b\\""', 'from="10.0.0.0/8,192.0.2.1"', 'restrict'],
    type: 'ssh-ed25519',
    key: blob,
    comment: 'me at home',
  })
  assert.equal(
    [parseAuthorizedKey('# x'), parseAuthorizedKey(''), parseAuthorizedKey('nonsense')],
    [undefined, undefined, undefined],
  )
})

test('authorized_keys: a key that was cut is seen', () => {
  assert.is(isWhole(key(`ssh-ed25519 ${blob}`)), true)
  assert.is(isWhole(key(`ssh-rsa ${blob}`)), false)
  assert.is(isWhole(key('ssh-ed25519 AAAAC3NzaC1lZDI1')), false)
})

const logins: readonly (readonly [why: string, before: string, wanted: string, after: string])[] = [
  ['a new key', '# mine\nssh-rsa OLD a\n', 'ssh-rsa NEW b', '# mine\nssh-rsa OLD a\nssh-rsa NEW b\n'],
  ['the same key with other options', 'ssh-rsa KEY a\n', 'restrict ssh-rsa KEY a', 'restrict ssh-rsa KEY a\n'],
  [
    'options in another order are the same',
    'pty,restrict  ssh-rsa KEY a\n',
    'restrict,pty ssh-rsa KEY a',
    'pty,restrict  ssh-rsa KEY a\n',
  ],
  ['a comment that is not given stays', 'ssh-rsa KEY a\n', 'ssh-rsa KEY', 'ssh-rsa KEY a\n'],
  ['another comment', 'ssh-rsa KEY a\n', 'ssh-rsa KEY b', 'ssh-rsa KEY b\n'],
  ['the key twice', 'ssh-rsa KEY a\nssh-rsa KEY a\n', 'ssh-rsa KEY a', 'ssh-rsa KEY a\n'],
]
for (const [why, before, wanted, after] of logins)
  test(`authorized_keys: ${why}`, () =>
    assert.is(withKeys(Buffer.from(before), [key(wanted)], false).toString(), after))

test('authorized_keys: exclusive, and absent whatever the options', () => {
  const file = Buffer.from('# c\nssh-rsa A\nrestrict ssh-rsa B\n')
  assert.is(withKeys(file, [key('ssh-rsa A')], true).toString(), '# c\nssh-rsa A\n')
  assert.is(withoutKeys(file, [key('ssh-rsa B')]).toString(), '# c\nssh-rsa A\n')
})

test.run()
