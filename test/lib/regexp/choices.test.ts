import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { choicesOf } from '../../../lib/regexp/choices.ts'

const simple: readonly (readonly [source: string, degree: number, ways: number])[] = [
  ['', 0, 1],
  ['Port', 0, 1],
  ['a|b|c', 0, 3],
  ['colou?r', 0, 2],
  ['(?:a|b)(?:c|d)', 0, 4],
  ['a.*b', 1, 1],
  ['^\\s*#?\\s*Port', 2, 2],
  ['a{2,4}', 0, 3],
  ['a{3}', 0, 1],
  ['a{2,}', 1, 1],
  ['(?:\\d{1,3}\\.){3}', 0, 27],
  ['(?<name>a+)(?=b+)', 2, 1],
  ['(a+)\\1', 2, 1],
  ['(?<x>a)\\k<x>', 1, 1],
  ['(?:ab)+', 1, 1],
  ['a+?', 1, 1],
]
for (const [source, degree, ways] of simple)
  test(`the ways to match ${source} are counted`, () => {
    const found = choicesOf(source)
    assert.is(found.degree, degree)
    assert.is(Math.round(2 ** found.bits), ways)
  })

for (const source of ['\\p{L}', '\\u{61}', '\\u0061', '\\x61', '\\cA', '[*+)(|]', '[\\]*]', '\\*', '\\(', '😀'])
  test(`${source} is one character, whatever it is written with`, () => {
    assert.equal(choicesOf(source), { degree: 0, bits: 0 })
    assert.equal(choicesOf(`${source}*`), { degree: 1, bits: 0 })
  })

for (const source of [
  '(a+)+',
  '(a|b)*',
  '(?:a?)+',
  '(?:a{1,2})*',
  '((a)*)*',
  '(?:(?=a+)a)*',
  '(a)(?:\\1)*',
  'x(?:\\s*y)+z',
])
  test(`${source} may have any number of ways`, () => assert.is(choicesOf(source).degree, Infinity))

test.run()
