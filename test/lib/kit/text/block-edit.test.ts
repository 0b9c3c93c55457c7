import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withBlock, type BlockParams } from '../../../../lib/kit/text/block-edit.ts'
import { withReplacements } from '../../../../lib/kit/text/replace-edit.ts'

const marker = { marker: '# {mark}', marker_begin: 'BEGIN', marker_end: 'END' }
const edited = (content: string, params: Partial<BlockParams>) =>
  withBlock(Buffer.from(content), { ...marker, ...params }).toString()

const cases: readonly (readonly [why: string, content: string, params: Partial<BlockParams>, after: string])[] = [
  // Differences from Ansible, on purpose.
  ['an end marker without newline is one', '# BEGIN\na\n# END', { block: 'b' }, '# BEGIN\nb\n# END\n'],
  [
    'markers of a CRLF file are ones',
    '# BEGIN\r\na\r\n# END\r\nc\r\n',
    { block: 'b' },
    '# BEGIN\r\nb\r\n# END\r\nc\r\n',
  ],
  ['markers with blanks behind them are ones', '# BEGIN \na\n# END\t\n', { block: 'b' }, '# BEGIN\nb\n# END\n'],
  [
    'a marker alone encloses nothing',
    '# END\na\n# BEGIN\nb\n',
    { block: 'x', insertbefore: 'BOF' },
    '# BEGIN\nx\n# END\n# END\na\n# BEGIN\nb\n',
  ],
  ['nothing to take away is nothing to write', 'a', {}, 'a'],
  // Newer than the Ansible that the differential tests run.
  [
    'an empty line before',
    'a\nb\n',
    { block: 'x', insertafter: '^a', prepend_newline: true },
    'a\n\n# BEGIN\nx\n# END\nb\n',
  ],
  [
    'an empty line behind',
    'a\nb\n',
    { block: 'x', insertafter: '^a', append_newline: true },
    'a\n# BEGIN\nx\n# END\n\nb\n',
  ],
  ['none where one is already', 'a\n\n', { block: 'x', prepend_newline: true }, 'a\n\n# BEGIN\nx\n# END\n'],
  [
    'none at the beginning',
    'a\n',
    { block: 'x', insertbefore: 'BOF', prepend_newline: true },
    '# BEGIN\nx\n# END\na\n',
  ],
  [
    'a pattern over several lines',
    'a\nb\nc\n',
    { block: 'x', insertafter: '(?m)^a\\nb$' },
    'a\nb\n# BEGIN\nx\n# END\nc\n',
  ],
]
for (const [why, content, params, after] of cases)
  test(why, () => {
    assert.is(edited(content, params), after)
    assert.is(edited(after, params), after)
  })

const text = fc.array(fc.constantFrom('a', 'b', '', '# BEGIN', '# END'), { maxLength: 6 })
const params = fc.record({
  block: fc.constantFrom('x', 'x\ny\n', ''),
  insertafter: fc.constantFrom(undefined, 'EOF', '^a', 'none'),
  append_newline: fc.boolean(),
  prepend_newline: fc.boolean(),
})

test('a second run finds nothing to do, whatever was there', () => {
  fc.assert(
    fc.property(text, fc.constantFrom('\n', '\r\n'), params, (lines, end, given) => {
      const once = edited(lines.join(end), given)
      assert.is(edited(once, given), once)
    }),
    { numRuns: 500 },
  )
})

test('replacements: characters where it is UTF-8, bytes where it is not', () => {
  const replaced = (content: Buffer, regexp: string, replace: string) =>
    withReplacements(content, { regexp, replace }).content
  assert.is(replaced(Buffer.from('naïve Straße\n'), '\\b\\w', '*').toString(), '*aïve *traße\n')
  assert.equal(replaced(Buffer.from([0xff, 0x61, 0x0a]), 'a', 'b'), Buffer.from([0xff, 0x62, 0x0a]))
  const section = { regexp: '^', replace: '# ', after: '<a>\\n', before: '</a>|</b>' }
  assert.is(withReplacements(Buffer.from('x\n<a>\ny\n</b>\n'), section).content.toString(), 'x\n<a>\n# y\n# </b>\n')
})

test.run()
