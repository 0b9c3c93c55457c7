import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../lib/error.ts'
import { raw } from '../../../lib/quote.ts'
import { encodeRequest, joinSmall, ReplyReader } from '../../../lib/connection/wire.ts'

const markOf = (id: number) => (id > 0 && id < 100 ? `mark-${id}` : undefined)
/** What the loop writes for an output: nothing for an empty one. */
const framed = (id: number, output: Buffer) => (output.length === 0 ? [] : [output, Buffer.from(`\n${markOf(id)}\n`)])
const flag = (output: Buffer) => (output.length === 0 ? 0 : 1)

/** Any bytes, and such that look like the frame around them. */
const bytes = fc
  .oneof(
    fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
    fc
      .array(fc.constantFrom('\n', 'mark-', '\nmark-1', '1 0 1 0\n', 'mark-9\n', '-1\n'), { maxLength: 8 })
      .map((parts) => Buffer.from(parts.join(''))),
  )
  .filter((output) => !/\nmark-\d\n/.test(`${output.toString('latin1')}\n`))

test('replies are cut rightly however their bytes arrive', () => {
  const reply = fc.record({ status: fc.nat(255), stdout: bytes, stderr: bytes })
  fc.assert(
    fc.property(
      fc.array(reply, { maxLength: 8 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
      (replies, cuts) => {
        const wire = Buffer.concat(
          replies.flatMap(({ status, stdout, stderr }, i) => [
            Buffer.from(`${i + 1} ${status} ${flag(stdout)} ${flag(stderr)}\n`),
            ...framed(i + 1, stdout),
            ...framed(i + 1, stderr),
          ]),
        )
        const reader = new ReplyReader(markOf)
        const read: unknown[] = []
        for (let at = 0, i = 0; at < wire.length; i += 1) {
          const size = cuts[i % cuts.length] ?? 1
          read.push(...reader.push(wire.subarray(at, at + size)))
          at += size
        }
        assert.equal(
          read,
          replies.map((one, i) => ({ id: i + 1, ...one })),
        )
      },
    ),
  )
})

test('a large reply in small chunks is joined once', () => {
  const reader = new ReplyReader(markOf)
  reader.push(Buffer.from('1 0 1 0\n'))
  for (let i = 0; i < 20_000; i += 1) reader.push(Buffer.alloc(1000, i))
  const replies = reader.push(Buffer.from('\nmark-1\n'))
  assert.is(replies[0]?.stdout.length, 20_000_000)
})

for (const noise of ['Welcome!\n', '1 0 5 7\n', '777 0 0 0\n', 'x'.repeat(300)])
  test(`what is no reply is refused: ${noise.slice(0, 10).trim()}`, () =>
    assert.throws(
      () => new ReplyReader(markOf).push(Buffer.from(noise)),
      (error: unknown) => error instanceof HostwrightError,
    ))

test('a script goes as counted lines, a long one as counted bytes', () => {
  const short = encodeRequest(7, raw('echo a\necho b'), Buffer.from('in'), 'mark')
  assert.is(Buffer.concat(short).toString(), '7 2 0 2\necho a\necho b\nin7\nmark\n')
  const long = `# ${'ü'.repeat(2000)}`
  const [header] = Buffer.concat(encodeRequest(8, raw(long), Buffer.alloc(0), 'mark'))
    .toString()
    .split('\n')
  assert.is(header, `8 0 ${Buffer.byteLength(long)} 0`)
})

test('a NUL byte in a script is refused, since read would drop it', () => {
  assert.throws(() => encodeRequest(1, raw('echo \0'), Buffer.alloc(0), 'mark'), /NUL/)
})

test('small pieces are written at once and large ones are not copied', () => {
  const large = Buffer.alloc(100)
  const pieces = joinSmall([Buffer.from('a'), Buffer.from('b'), large, Buffer.from('c')], 10)
  assert.equal(pieces.map(String), ['ab', String(large), 'c'])
  assert.is(pieces[1], large)
})

test.run()
