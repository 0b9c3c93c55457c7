// needs: python3 python3-yaml
/** What the encoders write is read back by libpq, Python and YAML's parsers: one entry, the value itself, or it was refused. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { CannotEncode, encode } from '../../../lib/encode/index.ts'
import { Secret } from '../../../lib/secret.ts'
import { drawnFrom } from '../../support/hostile-values.ts'
import { askPython, sameAll, withFile, writtenBy } from './read-back.ts'

test('pgpass: libpq finds the password itself, for the user it is for', () => {
  // libpq takes an empty password for none.
  const passwords = writtenBy((value) => encode.pgpass(value)).filter(({ value }) => value !== '')
  const lines = passwords.map(({ text }, i) => `h${i}:1:*:u:${text}\n`)
  const users = passwords.map(({ text }, i) => `${text}:1:*:${text}:found${i}\n`)
  const ask = (text: string, logins: readonly (readonly [string, string])[]) =>
    withFile(
      text,
      (path) =>
        askPython(
          'pgpass',
          logins.map(([host, user]) => [path, host, user]),
        ) as readonly string[],
    )
  const found = ask(
    lines.join(''),
    passwords.map((_, i) => [`h${i}`, 'u']),
  )
  sameAll(passwords, (i) => found[i])
  // libpq itself splits a host at commas.
  const names = passwords.filter(({ value }) => !value.includes(','))
  const whose = ask(
    users.join(''),
    names.map(({ value }) => [value, value]),
  )
  names.forEach(({ value }, i) => {
    const at = Number(whose[i]?.slice('found'.length))
    assert.is(passwords[at]?.value, value, drawnFrom)
  })
})

test('conninfo: libpq reads each keyword with its value', () => {
  const written = writtenBy((value) => String(encode.conninfoOf({ user: value, application_name: value })))
  const found = askPython(
    'conninfo',
    written.map(({ text }) => text),
  ) as readonly Record<string, string>[]
  sameAll(written, (i) => found[i]?.['user'])
  sameAll(written, (i) => found[i]?.['application_name'])
  assert.ok(found.every((options) => Object.keys(options).length === 2))
})

test('INI: configparser reads one option, with and without interpolation', () => {
  const written = writtenBy((value) => encode.ini(value))
  const text = `[s]\n${written.map(({ text }, i) => `o${i} = ${text}\n`).join('')}`
  for (const read of withFile(text, (path) => askPython('ini', path)) as readonly Record<
    string,
    Record<string, string>
  >[]) {
    assert.equal(Object.keys(read), ['s'])
    assert.is(Object.keys(read['s'] ?? {}).length, written.length)
    sameAll(written, (i) => read['s']?.[`o${i}`])
  }
})

test('INI: barman, which takes quotes away, reads the value; a section is itself', () => {
  const written = writtenBy((value) => encode.barman(value))
  const text = `[s]\n${written.map(({ text }, i) => `o${i} = ${text}\n`).join('')}`
  const read = withFile(text, (path) => askPython('barman', path)) as Record<string, Record<string, string>>
  sameAll(written, (i) => read['s']?.[`o${i}`])
  const sections = writtenBy((value) => encode.iniSection(value))
  const files = [...new Set(sections.map(({ text }) => text))].map((name) => `[${name}]\na = 1\n`)
  const [plain] = withFile(files.join(''), (path) => askPython('ini', path)) as readonly Record<string, unknown>[]
  assert.equal(Object.keys(plain ?? {}).sort(), [...new Set(sections.map(({ value }) => value))].sort())
})

test('YAML: both parsers read text, and text inside of lists and mappings', () => {
  const written = writtenBy((value) => String(encode.yaml(value)))
  const text = `list:\n${written.map(({ text }) => `  - ${text}\n`).join('')}nested: ${String(encode.yaml({ in: written.map(({ value }) => value) }))}\n`
  for (const read of [withFile(text, (path) => askPython('yaml', path)), parse(text)] as readonly {
    list: readonly string[]
    nested: { in: readonly string[] }
  }[]) {
    assert.equal(Object.keys(read), ['list', 'nested'])
    sameAll(written, (i) => read.list[i])
    sameAll(written, (i) => read.nested.in[i])
  }
})

test('what is made of a secret is a secret, and nothing else is', () => {
  const made = encode.pgpass(new Secret('a:b'))
  assert.ok(made instanceof Secret)
  assert.is(made.reveal(), 'a\\:b')
  assert.is(encode.pgpass('a:b'), 'a\\:b')
  assert.is(encode.haproxyLogin('admin', new Secret("it's")).reveal(), "'admin:it'\\''s'")
  const tree = encode.yaml({ password: new Secret('"x') })
  assert.ok(tree instanceof Secret)
  assert.is(tree.reveal(), '{"password":"\\"x"}')
})

test('a refusal names the reason and not the value', () => {
  const refusals: readonly (readonly [() => unknown, string])[] = [
    [() => encode.cronTime('minute', '0\n'), 'a newline cannot be written in the minute of a crontab'],
    [() => encode.pgpass(new Secret('hush\nhush')), 'a newline cannot be written in a pgpass field'],
    [() => encode.haproxyName('a b'), 'a blank cannot be written in a name of haproxy.cfg'],
    [() => encode.address(''), 'a host name or an address cannot be empty'],
    [() => encode.yaml('\ud800'), 'half of a surrogate pair cannot be written in YAML'],
    [() => encode.chrony('\u2028'), 'U+2028 cannot be written in a word of chrony.conf'],
  ]
  for (const [call, message] of refusals)
    assert.throws(call, (error: unknown) => error instanceof CannotEncode && error.message === message, message)
})

test('what is no text is no value', () => {
  assert.throws(() => encode.pgpass(undefined as unknown as string), /takes text, not undefined/)
})

test.run()
