import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { diffPieces } from '../../../lib/report/diff.ts'
import type { DiffReport } from '../../../lib/events/event.ts'
import { paint } from '../../../lib/report/paint.ts'

const body = (before: DiffReport['before'], after: DiffReport['after']) =>
  paint(diffPieces({ of: 'X', before, after }), false).replace('--- before: X\n+++ after: X\n', '')

const cases: readonly (readonly [string, DiffReport['before'], DiffReport['after'], string])[] = [
  ['a new file', '', 'a\nb\n', '@@ -0,0 +1,2 @@\n+a\n+b\n\n'],
  ['a file that goes', 'a\n', '', '@@ -1 +0,0 @@\n-a\n\n'],
  ['no newline at the end', 'a', 'a\n', '@@ -1 +1 @@\n-a\n\\ No newline at end of file\n+a\n\n'],
  ['lines that look like headers', '--- x\n', '+++ y\n', '@@ -1 +1 @@\n---- x\n++++ y\n\n'],
  ['only what is masked differs', 'pw ********\n', 'pw ********\n', '(the difference is in what is masked)\n\n'],
  ['attributes that differ', { login: false, limit: 1 }, { login: true, limit: 1 }, '-login: false\n+login: true\n\n'],
  ['something new', {}, { state: 'present', roles: ['a', 'b'] }, '+state: present\n+roles: ["a", "b"]\n\n'],
  ['something that goes', { state: 'present' }, {}, '-state: present\n\n'],
  ['not there before', '', { mode: '0644' }, '+mode: 0644\n\n'],
  ['an attribute of several lines', {}, { key: 'a\nb' }, '+key: "a\\nb"\n\n'],
]

for (const [name, before, after, expected] of cases) test(name, () => assert.is(body(before, after), expected))

test('a hopeless diff gives way to a note', () => {
  const lines = (prefix: string) => Array.from({ length: 20_000 }, (_, i) => `${prefix}${i}\n`).join('')
  assert.is(body(lines('x'), lines('y')), '(too different to show: 20000 lines before, 20000 lines after)\n\n')
})

test.run()
