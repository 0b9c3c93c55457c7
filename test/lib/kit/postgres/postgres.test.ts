import { test } from 'uvu'
import * as assert from 'uvu/assert'
import fc from 'fast-check'
import { splitNames } from '../../../../lib/kit/postgres/sql/apply.ts'
import { conninfo } from '../../../../lib/encode/postgres/conninfo.ts'
import { postgresqlConfValue } from '../../../../lib/encode/postgres/postgresql-conf.ts'
import { commentOut, editConf, parseConf, wholeConf } from '../../../../lib/kit/postgres/conf/conf.ts'
import { editHba, wholeHba } from '../../../../lib/kit/postgres/hba/hba-edit.ts'
import { parseHba, renderRule, ruleKey, sameRule, type HbaRule } from '../../../../lib/kit/postgres/hba/hba.ts'
import { matchesPassword, md5Verifier, saslprep, scramVerifier } from '../../../../lib/kit/postgres/roles/scram.ts'
import { complaint, sameValue, type Setting } from '../../../../lib/kit/postgres/conf/setting.ts'
import { settingLiteral } from '../../../../lib/kit/postgres/conf/setting-literal.ts'
import { ident, literal, sql } from '../../../../lib/kit/postgres/sql/sql.ts'
import { bindNamed, bindPositional, firstWord, looksLikeChange } from '../../../../lib/kit/postgres/sql/statement.ts'
import { passLine } from '../../../../lib/kit/postgres/standby/standby.ts'
import { Secret } from '../../../../lib/secret.ts'

const exactly = (_: string, one: string, other: string) => one === other

test('postgresql.conf is read as the server reads it', () => {
  const text = [
    '# a comment',
    'work_mem = 4MB  # why',
    " Name 'it''s \\'quoted\\' \\\\ \\n \\101'",
    'shared_buffers=128MB',
    'auto_explain.log_min_duration = 1s',
    "include_dir 'conf.d'",
    '#port = 1',
    'broken = = x',
    "empty = ''",
  ].join('\n')
  assert.equal(
    parseConf(text).map(({ line, name, value }) => [line, name, value]),
    [
      [1, 'work_mem', '4MB'],
      [2, 'name', "it's 'quoted' \\ \n A"],
      [3, 'shared_buffers', '128MB'],
      [4, 'auto_explain.log_min_duration', '1s'],
      [5, 'include_dir', 'conf.d'],
      [8, 'empty', ''],
    ],
  )
})

test('any value that is written is read back', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }).map((s) => s.replaceAll('\0', '').replaceAll(/[\b\f\t]/g, '')),
      (value) => {
        assert.is(parseConf(`x = ${postgresqlConfValue(value)}`)[0]?.value, value)
      },
    ),
  )
})

const edits: readonly [string, string, Record<string, string | null>, string][] = [
  ['a new one comes last', 'a = 1\n', { b: '2' }, 'a = 1\nb = 2\n'],
  ['the same stays as it is written', "a = '1'  # one\n", { a: '1' }, "a = '1'  # one\n"],
  ['changed in place, its comment kept', 'a = 1 # one\nb = 2\n', { a: '3' }, 'a = 3  # one\nb = 2\n'],
  ['of several the last counts, the others go', 'a = 1\nb = 2\nA = 3\n', { a: '4' }, 'b = 2\na = 4\n'],
  ['null removes', 'a = 1\nb = 2\n', { a: null }, 'b = 2\n'],
  ['an empty file', '', { a: 'x y' }, "a = 'x y'\n"],
]
for (const [name, before, settings, after] of edits)
  test(`editing postgresql.conf: ${name}`, () => {
    assert.is(editConf(before, new Map(Object.entries(settings)), exactly), after)
    assert.is(editConf(after, new Map(Object.entries(settings)), exactly), after, 'and nothing is left to do')
  })

test('a whole file is kept while it says the same', () => {
  const settings = new Map([['a', '1']])
  const text = wholeConf('# h', undefined, settings, exactly)
  assert.is(text, '# h\na = 1\n')
  assert.is(wholeConf('# h', `${text}\n# by hand\n`, settings, exactly), `${text}\n# by hand\n`)
  assert.is(wholeConf('# h', `${text}b = 2\n`, settings, exactly), text)
  assert.is(commentOut('a = 1\nb = 2\n', new Set(['a']), 'because'), '#a = 1  # because\nb = 2\n')
})

const setting = (
  vartype: Setting['vartype'],
  unit: string | null = null,
  enumvals: readonly string[] | null = null,
): Setting => ({
  ...{ name: 'x', setting: '', unit, vartype, context: 'user', enumvals, min_val: '0', max_val: '100000000' },
  ...{ boot_val: null, source: 'default', pending_restart: false },
})
const values: readonly [Setting, string, string, boolean][] = [
  [setting('integer', '8kB'), '1GB', '131072', true],
  [setting('integer', '8kB'), '1024MB', '1GB', true],
  [setting('integer', 'kB'), '4MB', '4096', true],
  [setting('integer', 'kB'), '4MB', '4097', false],
  [setting('integer', 'ms'), '2s', '2000', true],
  [setting('integer', 's'), '1min', '60s', true],
  [setting('real', 'ms'), '2.5ms', '2.5', true],
  [setting('integer'), '0x10', '16', true],
  [setting('integer'), '010', '8', true],
  [setting('bool'), 'yes', 'on', true],
  [setting('bool'), 't', 'of', false],
  [setting('enum', null, ['minimal', 'replica', 'logical']), 'Replica', 'hot_standby', true],
  [setting('enum', null, ['on', 'off', 'local']), 'true', 'on', true],
  [setting('string'), 'on', 'yes', false],
]
for (const [one, a, b, same] of values)
  test(`${one.vartype} in ${one.unit}: ${a} and ${b} are ${same ? 'the same' : 'different'}`, () => {
    assert.is(sameValue(one, a, b), same)
  })
test('without a server, what is written alike is the same', () => {
  assert.ok(
    sameValue(undefined, '1GB', '1024MB') && sameValue(undefined, 'on', 'TRUE') && sameValue(undefined, '10', '10.0'),
  )
  assert.not.ok(
    sameValue(undefined, '1GB', '1073741824') || sameValue(undefined, 'on', '1') || sameValue(undefined, 'a', 'b'),
  )
})
test('a wrong value is told with what would be right', () => {
  assert.match(complaint(setting('integer', 'kB'), '4 bananas') ?? '', /a number, with a unit or in kB/)
  assert.match(complaint(setting('integer', 'kB'), '-4') ?? '', /between 0 and/)
  assert.match(complaint(setting('enum', null, ['replica']), 'replca') ?? '', /did you mean "replica"/)
  assert.is(complaint(setting('bool'), 'off'), undefined)
})

const hba = (line: string): HbaRule => {
  const rule = parseHba(line)[0]?.rule
  assert.ok(rule, line)
  return rule
}
test('pg_hba.conf is read as the server reads it', () => {
  const rule = hba(
    'hostssl db1,"db 2", db3  all,+group,@file "name # x" 10.0.0.0 255.0.0.0 ldap ldapserver="a b" x=1 # why',
  )
  assert.not.ok(rule === undefined)
  assert.equal(
    rule.databases.map(({ text }) => text),
    ['db1', 'db 2', 'db3'],
  )
  const plain = hba('host all "all" 10.0.0.0 255.0.0.0 ldap ldapserver="a b" x=1 # why')
  assert.equal(plain.users, [{ text: 'all', quoted: true }])
  assert.equal([plain.address, plain.netmask, plain.method, plain.comment], ['10.0.0.0', '255.0.0.0', 'ldap', 'why'])
  assert.equal(plain.options, ['ldapserver=a b', 'x=1'])
  assert.is(parseHba('host all all \\\n 10.0.0.0/8 md5\n# c\n\ninclude x\n').length, 4)
  assert.equal(
    parseHba('include other\nnonsense\n').map(({ active, rule: r }) => [active, r]),
    [
      [true, undefined],
      [true, undefined],
    ],
  )
})

const alike: readonly [string, string, boolean][] = [
  ['host all all 10.0.0.7/8 md5', 'host all all 10.0.0.0 255.0.0.0 md5', true],
  ['host all all ::1/128 md5', 'host  all  all  0:0::0001/128  md5 # c', true],
  ['host all all FE80::/10 md5', 'host all all fe80::1/10 md5', true],
  ['host a,b all samenet md5', 'host b,a all samenet md5', true],
  ['host all all 10.0.0.0/8 md5', 'host all all 10.0.0.0/9 md5', false],
  ['host all all 10.0.0.0/8 md5', 'host "all" all 10.0.0.0/8 md5', false],
  ['host all all 10.0.0.0/8 md5', 'host all all 10.0.0.0/8 trust', false],
  ['host all all .example.com md5', 'host all all .Example.com md5', true],
]
for (const [one, other, same] of alike)
  test(`${one} ${same ? 'is' : 'is not'} ${other}`, () => assert.is(sameRule(hba(one), hba(other)), same))

const word = fc
  .string({ unit: 'binary', minLength: 1 })
  .map((s) => ({ text: s.replaceAll(/[\0\r\n\\]/g, '') || 'x', quoted: false }))
  .map(({ text }) => ({ text, quoted: /[\s,"#]/.test(text) || text.startsWith('"') }))
test('any rule that is written is read back', () => {
  const rule = fc.record({
    type: fc.constantFrom('host', 'hostssl'),
    databases: fc.array(word, { minLength: 1, maxLength: 3 }),
    users: fc.array(word, { minLength: 1, maxLength: 3 }),
    address: fc.constantFrom('10.0.0.0/8', '::1/128', 'samehost', 'db.example.com'),
    netmask: fc.constant(''),
    method: fc.constantFrom('md5', 'reject'),
    options: fc.constantFrom([], ['map=a b'], ['a=1', 'b="2']),
    comment: fc.constantFrom('', 'why'),
  })
  fc.assert(
    fc.property(rule, (written) => {
      const back = hba(renderRule(written))
      assert.is(ruleKey(back), ruleKey(written))
      assert.ok(sameRule(back, written))
      assert.is(back.comment, written.comment)
    }),
  )
})

const file =
  '# top\nlocal all all peer\n# middle\nhost all app 10.0.0.0/8 md5  # keep\nhost all app 10.1.1.1/8 md5\ninclude more\n'
test('editing pg_hba.conf touches only the rules it is about', () => {
  const rule = hba('host all app 10.0.0.0/8 reject')
  const changed = editHba(file, [{ rule, state: 'present' }], 'last')
  assert.match(
    changed,
    /^# top\nlocal all all peer\n# middle\nhost +all +app +10\.0\.0\.0\/8 +reject # keep\ninclude more\n$/,
  )
  assert.is(editHba(changed, [{ rule, state: 'present' }], 'last'), changed)
  assert.is(
    editHba(changed, [{ rule, state: 'absent' }], 'last'),
    '# top\nlocal all all peer\n# middle\ninclude more\n',
  )
  assert.match(
    editHba(file, [{ rule: hba('local all x md5'), state: 'present' }], 'first'),
    /^# top\nlocal +all +x +md5\nlocal all all peer/,
  )
})
test('a whole pg_hba.conf: whatever else lets somebody in is noticed', () => {
  const rules = [hba('local all all peer'), hba('host all all 10.0.0.0/8 md5')]
  const text = wholeHba('# h', undefined, rules)
  assert.is(wholeHba('# h', `${text}# note\n`, rules), `${text}# note\n`)
  for (const drift of [
    `host all all 0.0.0.0/0 trust\n${text}`,
    `${text}include x\n`,
    text.replace(/^local.*\n/m, ''),
    `${text}nonsense\n`,
  ])
    assert.is(wholeHba('# h', drift, rules), text)
  assert.is(wholeHba('# h', text, [...rules].reverse()) === text, false, 'the order counts')
})

test('SCRAM verifiers (RFC 7677): the right password fits, others do not', () => {
  // The exchange of RFC 7677, section 3, made a verifier of: its salt, its 4096 rounds, its password.
  const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
  const verifier = scramVerifier('pencil', salt)
  assert.is(
    verifier,
    'SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=',
  )
  assert.ok(matchesPassword(verifier, 'pencil', 'any'))
  assert.not.ok(matchesPassword(verifier, 'Pencil', 'any'))
  assert.ok(matchesPassword(md5Verifier('p', 'r'), 'p', 'r'))
  assert.not.ok(matchesPassword(md5Verifier('p', 'r'), 'p', 'other'))
  assert.ok(
    matchesPassword(verifier, verifier, 'any') && matchesPassword(null, '', 'x') && !matchesPassword(null, 'x', 'x'),
  )
})
const prepared: readonly [string, string][] = [
  ['I\u00ADX', 'IX'],
  ['user', 'user'],
  ['\u00AA', 'a'],
  ['\u2168', 'IX'],
  ['a\u00A0b', 'a b'],
  ['\u0007', '\u0007'],
  ['\u0627\u0031', '\u0627\u0031'],
]
for (const [text, wanted] of prepared)
  test(`SASLprep (RFC 4013) of ${JSON.stringify(text)}`, () => assert.is(saslprep(text), wanted))

test('SQL quotes names and values, and refuses what the protocol cannot carry', () => {
  assert.is(
    sql`ALTER ROLE ${ident('a"; --')} SET x TO ${"it's \\"}`.text,
    `ALTER ROLE "a""; --" SET x TO E'it''s \\\\'`,
  )
  assert.is(literal(null).text, 'NULL')
  assert.throws(() => ident('a\0b'), /NUL/)
  assert.throws(() => literal('a\ud800b'), /half a character/)
  assert.is(ident('🐘').text, '"🐘"')
  assert.is(settingLiteral('search_path', '"$user", "a,b", c').text, "'$user', 'a,b', 'c'")
  assert.is(settingLiteral('work_mem', '4 MB').text, "'4 MB'")
  assert.equal(splitNames('f(int,int), g , "x"'), ['f(int,int)', 'g', '"x"'])
})

test('placeholders of psycopg become those of the server, outside quotes only', () => {
  assert.equal(bindPositional(`SELECT %s, '%s', "%s", 5 %% 2 -- %s`, [1]), {
    text: `SELECT $1, '%s', "%s", 5 % 2 -- %s`,
    values: [1],
  })
  assert.equal(bindPositional('SELECT 5 % 2', []).text, 'SELECT 5 % 2')
  assert.equal(bindPositional('SELECT $1', [[1, 2]]), { text: 'SELECT $1', values: [[1, 2]] })
  assert.throws(() => bindPositional('SELECT %s, %s', [1]), /2 places/)
  assert.equal(bindNamed('SELECT %(b)s, %(a)s, %(b)s', { a: 1, b: { k: 1 } }), {
    text: 'SELECT $1, $2, $1',
    values: ['{"k":1}', 1],
  })
  assert.throws(() => bindNamed('SELECT %(c)s', {}), /asks for "c"/)
})

const statements: readonly [string, string, boolean][] = [
  ['select 1', 'SELECT', false],
  ['/* x */ -- y\n (SELECT 1)', 'SELECT', false],
  ['SHOW work_mem', 'SHOW', false],
  ['insert into t values (1)', 'INSERT', true],
  ['SELECT pg_switch_wal()', 'SELECT', true],
  [`SELECT 'pg_switch_wal()'`, 'SELECT', false],
  ['SELECT pg_catalog.pg_create_physical_replication_slot (1)', 'SELECT', true],
  ['', '', true],
]
for (const [text, first, changes] of statements)
  test(`statement ${JSON.stringify(text)} ${changes ? 'is a change' : 'reads'}`, () =>
    assert.equal([firstWord(text), looksLikeChange(text)], [first, changes]))

test('connection strings and password lines carry any text', () => {
  assert.is(conninfo({ host: 'db1', user: "o'k \\" }), "host=db1 user='o\\'k \\\\'")
  assert.is(passLine('fe80::1', 5432, 'a:b', new Secret('p:w\\x')).reveal(), 'fe80\\:\\:1:5432:*:a\\:b:p\\:w\\\\x\n')
})

test.run()
