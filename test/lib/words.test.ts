import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { splitWords } from '../../lib/words.ts'

const cases: readonly (readonly [line: string, words: readonly string[]])[] = [
  ['web1', ['web1']],
  ['web1 a=1\tb="x y"', ['web1', 'a=1', 'b=x y']],
  ["l=['a','b']", ['l=[a,b]']],
  [`d='{"k": 1}'`, ['d={"k": 1}']],
  [`s='"5"'`, ['s="5"']],
  ['p=a\\ b', ['p=a b']],
  ['h=a#b c', ['h=a']],
  ['h "#" # c', ['h', '#']],
  ['a\\#b', ['a#b']],
  ['"a\\q\\"\\\\"', ['a\\q"\\']],
  ["'a\\'", ['a\\']],
  ['e= ""', ['e=', '']],
  ['', []],
]

for (const [line, words] of cases)
  test(`${line} splits as the shell splits it`, () => {
    const split = splitWords(line, { comments: true })
    assert.ok('words' in split)
    assert.equal(
      split.words.map((word) => word.text),
      words,
    )
  })

test('each word knows its column', () => {
  const split = splitWords(`web1  a="x y" \tb=z`, { comments: true })
  assert.ok('words' in split)
  assert.equal(
    split.words.map((word) => word.column),
    [1, 7, 16],
  )
})

for (const [line, column] of [
  ['a b="x', 5],
  ["a b='x", 5],
  ['a b\\', 4],
  ['a "x\\', 3],
] as const)
  test(`${line} is refused at column ${column}`, () => {
    const split = splitWords(line, { comments: true })
    assert.ok('error' in split)
    assert.is(split.column, column)
  })

test('single quotes protect any text', () => {
  fc.assert(
    fc.property(fc.array(fc.string()), (texts) => {
      const line = texts.map((text) => `'${text.replaceAll("'", `'\\''`)}'`).join(' ')
      const split = splitWords(line, { comments: true })
      assert.ok('words' in split)
      assert.equal(
        split.words.map((word) => word.text),
        texts,
      )
    }),
  )
})

test.run()
