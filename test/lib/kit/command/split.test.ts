import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { nameMatcher } from '../../../../lib/kit/command/guard.ts'
import { expandingWord, splitWords } from '../../../../lib/kit/command/split.ts'
import { splitLines } from '../../../../lib/kit/command/result.ts'

/** As Python's shlex.split gives them. */
const words: readonly (readonly [string, readonly string[]])[] = [
  ['', []],
  ['  a   b\tc\nd ', ['a', 'b', 'c', 'd']],
  [`a "b c" 'd e'`, ['a', 'b c', 'd e']],
  [`a""b '' ""`, ['ab', '', '']],
  [`a\\ b \\"c`, ['a b', '"c']],
  [`"a\\"b\\\\c\\d"`, ['a"b\\c\\d']],
  [`'a\\b'`, ['a\\b']],
  [`x=1 --y="z z" #no`, ['x=1', '--y=z z', '#no']],
]
for (const [line, expected] of words)
  test(`the words of ${JSON.stringify(line)}`, () => assert.equal(splitWords(line), expected))

for (const line of ['"a', "'a", 'a\\'])
  test(`${JSON.stringify(line)} has no end`, () => assert.throws(() => splitWords(line)))

const expanding: readonly (readonly [string, string])[] = [
  ['', "''"],
  ['plain', 'plain'],
  ['a b', "'a b'"],
  ['$HOME', '"${HOME-\\$HOME}"'],
  ['${HOME}', '"${HOME-\\${HOME\\}}"'],
  ['$(id)', "'$(id)'"],
  ['$1', "'$1'"],
  ['~', '~'],
  ['~/a b', "~'/a b'"],
  ['~root/x', '~root/x'],
  ['a~', "'a~'"],
  ['~$(id)', "'~$(id)'"],
]
for (const [word, script] of expanding) test(`${word} on the host`, () => assert.is(expandingWord(word), script))

const globs: readonly (readonly [string, string, boolean])[] = [
  ['*.conf', 'a.conf', true],
  ['*.conf', 'aXconf', false],
  ['*', '.hidden', false],
  ['.*', '.hidden', true],
  ['a?c', 'abc', true],
  ['[!a]x', 'bx', true],
  ['[!a]x', 'ax', false],
  ['a+(b)', 'a+(b)', true],
]
for (const [glob, name, yes] of globs)
  test(`${glob} ${yes ? 'matches' : 'does not match'} ${name}`, () => assert.is(nameMatcher(glob)(name), yes))

test('lines as Python splits them', () => {
  assert.equal(splitLines('a\nb\r\nc\u2028d\x1ce\n'), ['a', 'b', 'c', 'd', 'e'])
  assert.equal(splitLines(''), [])
  assert.equal(splitLines('\n\n'), ['', ''])
})

test.run()
