import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withLine, withoutLine, type LineParams } from '../../../../lib/kit/text/line-edit.ts'

const edited = (content: string, params: LineParams) =>
  withLine(Buffer.from(content, 'latin1'), params).content.toString('latin1')

// What is the same as Ansible's is compared with Ansible in differential/; here is where we differ on purpose, and why.
const differences: readonly (readonly [why: string, content: string, params: LineParams, after: string])[] = [
  ['a replaced line of a CRLF file keeps its line end', 'a\r\nb\r\n', { regexp: '^a', line: 'c' }, 'c\r\nb\r\n'],
  ['a line that stands in a CRLF file is there already', 'a\r\nb\r\n', { line: 'a' }, 'a\r\nb\r\n'],
  ['a new line of a CRLF file ends as the others', 'a\r\n', { line: 'b' }, 'a\r\nb\r\n'],
  ['$ is the end of the line in a CRLF file too', 'a\r\nb\r\n', { regexp: '^a$', line: 'c' }, 'c\r\nb\r\n'],
  ['a new line is not glued to a last line without newline', 'a\nb', { insertafter: '^b', line: 'c' }, 'a\nb\nc\n'],
  ['bytes that are no text stay', '\xff\xfe\0\na\n', { regexp: '^a', line: 'b' }, '\xff\xfe\0\nb\n'],
]
for (const [why, content, params, after] of differences)
  test(why, () => {
    assert.is(edited(content, params), after)
    assert.is(edited(after, params), after)
  })

test('text is written as UTF-8', () => {
  assert.is(withLine(Buffer.from('é\n'), { regexp: '^é$', line: 'ü' }).content.toString(), 'ü\n')
})

const line = fc.constantFrom('a', 'ab', '# a', '', 'b c', 'x=1')
const content = fc
  .tuple(fc.array(line, { maxLength: 6 }), fc.constantFrom('\n', '\r\n'), fc.boolean())
  .map(([lines, end, closed]) => Buffer.from(lines.join(end) + (closed ? end : '')))
const place = fc.oneof(
  fc.constant({}),
  fc.constantFrom('^a', 'b', 'BOF', 'EOF', 'none').map((insertafter) => ({ insertafter })),
  fc.constantFrom('^a', 'b', 'BOF', 'none').map((insertbefore) => ({ insertbefore })),
)
const wanted = fc.record({ line, firstmatch: fc.boolean() })

test('a second run finds nothing to do, and no other line was touched', () => {
  fc.assert(
    fc.property(content, place, wanted, (before, at, params) => {
      const once = withLine(before, { ...at, ...params }).content
      assert.ok(withLine(once, { ...at, ...params }).content.equals(once))
      const lines = (bytes: Buffer) =>
        bytes
          .toString()
          .split(/\r?\n/)
          .filter((one) => one !== '')
      const others = (bytes: Buffer) => lines(bytes).filter((one) => one !== params.line)
      assert.equal(others(once), others(before))
    }),
    { numRuns: 500 },
  )
})

test('what is taken away is gone, and taking it away again changes nothing', () => {
  fc.assert(
    fc.property(content, line, (before, gone) => {
      const { content: after, found } = withoutLine(before, { line: gone })
      assert.is(withoutLine(after, { line: gone }).found, 0)
      assert.is(after.equals(before), found === 0)
    }),
    { numRuns: 300 },
  )
})

test('a pattern that says how a line begins means the same as one that is compiled', () => {
  const beginning = fc.string({ unit: fc.constantFrom(...'abx=1# _%&:;,!@<>"\'/~-c'), maxLength: 3 })
  fc.assert(
    fc.property(content, beginning, fc.boolean(), (before, text, firstmatch) => {
      const params = { line: 'new', firstmatch }
      for (const edit of [withLine, withoutLine] as const)
        assert.equal(
          edit(Buffer.from(before), { ...params, regexp: `^${text}` }),
          edit(Buffer.from(before), { ...params, regexp: `^(?:${text})` }),
        )
    }),
  )
})

test.run()
