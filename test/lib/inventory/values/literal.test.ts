import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseLiteral } from '../../../../lib/inventory/values/literal.ts'

const cases: readonly (readonly [text: string, value: unknown])[] = [
  ['1', 1],
  ['+8080', 8080],
  ['-5', -5],
  ['- 5', -5],
  ['--5', '--5'],
  ['-(5)', -5],
  ['-True', '-True'],
  ['1.5', 1.5],
  ['.5', 0.5],
  ['1e3', 1000],
  ['1_000', 1000],
  ['0x1F', 31],
  ['0o17', 15],
  ['0644', '0644'],
  ['00', 0],
  ['1j', '1j'],
  ['1e999', '1e999'],
  ['9007199254740993', '9007199254740993'],
  ['-9007199254740993', '-9007199254740993'],
  ['True', true],
  ['true', 'true'],
  ['FALSE', 'FALSE'],
  ['None', null],
  ['yes', 'yes'],
  ['"x y"', 'x y'],
  ["'a' 'b'", 'ab'],
  ["'a' b'b'", "'a' b'b'"],
  ["r'\\n'", '\\n'],
  ["'\\x41\\u00e9\\101\\q'", 'AéA\\q'],
  ["'\\N{BULLET}'", "'\\N{BULLET}'"],
  ["'\\x4'", "'\\x4'"],
  ["f'x'", "f'x'"],
  ["'''it's'''", "it's"],
  ['(1)', 1],
  ['(1,)', [1]],
  ['1, 2', [1, 2]],
  ['()', []],
  ['[1, [2, "x"],]', [1, [2, 'x']]],
  ['{"k": {1: None}}', { k: { 1: null } }],
  ['{1, 2, 2}', [1, 2]],
  ['{}', {}],
  ['set()', []],
  ['{[1]: 2}', '{[1]: 2}'],
  ['{"a" 1}', '{"a" 1}'],
  ['[1', '[1'],
  ['1 2', '1 2'],
  ['80 # a port', 80],
  ['abc # kept', 'abc # kept'],
  ['', ''],
  ['{{ x }}', '{{ x }}'],
  ['os.system("x")', 'os.system("x")'],
  [`${'['.repeat(300)}${']'.repeat(300)}`, `${'['.repeat(300)}${']'.repeat(300)}`],
]

for (const [text, value] of cases)
  test(`${text.slice(0, 40)} reads as ${JSON.stringify(value).slice(0, 40)}`, () => {
    assert.equal(parseLiteral(text), value)
  })

test('a key called __proto__ is a key, not a prototype', () => {
  const value = parseLiteral('{"__proto__": 1}')
  assert.equal(Object.keys(value as object), ['__proto__'])
})

test('what JSON writes comes back, as far as Python shares its notation', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(fc.integer(), fc.string({ unit: 'grapheme-ascii' }), fc.array(tie('value'), { maxLength: 3 })),
  })).value
  fc.assert(
    fc.property(json, (value) => {
      assert.equal(parseLiteral(JSON.stringify(value)), value)
    }),
  )
})

test('no text makes it throw', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      parseLiteral(text)
    }),
  )
})

test.run()
