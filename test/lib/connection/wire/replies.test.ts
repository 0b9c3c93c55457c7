import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ReplyReader } from '../../../../lib/connection/wire/replies.ts'
import type { Group } from '../../../../lib/connection/wire/requests.ts'
import { HostwrightError } from '../../../../lib/error.ts'

const flag = (output: Buffer) => (output.length === 0 ? 0 : 1)

interface Answer {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: Buffer
}

/** What the loop writes for a group: how each request ended, then each output that there is. */
const framed = (answers: readonly Answer[], { first, mark }: Group) =>
  Buffer.concat([
    ...answers.map(({ status, stdout, stderr }, i) =>
      Buffer.from(`${first + i} ${status} ${flag(stdout)} ${flag(stderr)}\n`),
    ),
    ...answers
      .flatMap(({ stdout, stderr }) => [stdout, stderr])
      .flatMap((output) => (output.length === 0 ? [] : [output, Buffer.from(`\n${mark}\n`)])),
  ])

/** Groups of these sizes, numbered on. */
function groupsOf(sizes: readonly number[]): Group[] {
  let first = 1
  return sizes.map((size, i) => {
    const group = { first, size, mark: `mark-${i}` }
    first += size
    return group
  })
}

const readerOf = (groups: readonly Group[], limit = 100_000_000, tooMuch: (id: number) => void = () => {}) => {
  const left = [...groups]
  return new ReplyReader(() => left.shift(), { limitOf: () => limit, tooMuch })
}

/** Any bytes, and such that look like the frame around them. */
const bytes = fc
  .oneof(
    fc.constant(Buffer.alloc(0)),
    fc.uint8Array({ maxLength: 400 }).map((array) => Buffer.from(array)),
    fc
      .array(fc.constantFrom('\n', 'mark-', '\nmark-1', '1 0 1 0\n', 'mark-x\n', '-1\n'), { maxLength: 8 })
      .map((parts) => Buffer.from(parts.join(''))),
  )
  .filter((output) => !/\nmark-\d\n/.test(`${output.toString('latin1')}\n`))

test('replies are cut rightly however they are grouped and however their bytes arrive', () => {
  const answer = fc.record({ status: fc.nat(255), stdout: bytes, stderr: bytes })
  fc.assert(
    fc.property(
      fc.array(fc.array(answer, { minLength: 1, maxLength: 4 }), { maxLength: 5 }),
      fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1 }),
      (answers, cuts) => {
        const groups = groupsOf(answers.map(({ length }) => length))
        const wire = Buffer.concat(groups.map((group, i) => framed(answers[i] ?? [], group)))
        const reader = readerOf(groups)
        const read: { id: number }[] = []
        for (let at = 0, i = 0; at < wire.length; i += 1) {
          const size = cuts[i % cuts.length] ?? 1
          read.push(...reader.push(wire.subarray(at, at + size)))
          at += size
        }
        assert.equal(
          read.sort((one, other) => one.id - other.id),
          answers.flat().map((one, i) => ({ id: i + 1, ...one })),
        )
      },
    ),
  )
})

test('an answer without output does not wait for the outputs of others, and the end of each is known at once', () => {
  const reader = readerOf([{ first: 1, size: 3, mark: 'm' }])
  assert.equal(reader.push(Buffer.from('1 0 1 0\n')), [])
  assert.is(reader.lastEnded, 1)
  assert.equal(
    reader.push(Buffer.from('2 4 0 0\n')).map(({ id, status }) => [id, status]),
    [[2, 4]],
  )
  assert.is(reader.lastEnded, 2)
  assert.equal(reader.push(Buffer.from('3 0 0 1\nout\nm')), [])
  const last = reader.push(Buffer.from('\nerr\nm\n'))
  assert.equal(
    last.map(({ id, stdout, stderr }) => [id, String(stdout), String(stderr)]),
    [
      [1, 'out', ''],
      [3, '', 'err'],
    ],
  )
})

test('a large reply in small chunks is joined once', () => {
  const reader = readerOf([{ first: 1, size: 1, mark: 'mark' }])
  reader.push(Buffer.from('1 0 1 0\n'))
  for (let i = 0; i < 20_000; i += 1) reader.push(Buffer.alloc(1000, i))
  const replies = reader.push(Buffer.from('\nmark\n'))
  assert.is(replies[0]?.stdout.length, 20_000_000)
})

test('an answer longer than the limit comes empty, is named once, and those around it come whole', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(bytes, bytes), { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 60 }),
      (outputs, limit, step) => {
        fc.pre(outputs.every(([out, err]) => Math.max(out.length, err.length) <= 4 * limit))
        const group = { first: 1, size: outputs.length, mark: 'mark-0' }
        const stream = framed(
          outputs.map(([stdout, stderr]) => ({ status: 0, stdout, stderr })),
          group,
        )
        const named: number[] = []
        const reader = readerOf([group], limit, (id) => named.push(id))
        const replies = []
        for (let at = 0; at < stream.length; at += step) replies.push(...reader.push(stream.subarray(at, at + step)))
        const long = outputs.map(([out, err]) => out.length + err.length > limit)
        assert.equal(
          named,
          long.flatMap((is, i) => (is ? [i + 1] : [])),
        )
        for (const { id, stdout, stderr } of replies)
          if (long[id - 1] !== true) assert.equal([stdout, stderr], outputs[id - 1])
        assert.is(replies.length, outputs.length)
      },
    ),
  )
})

test('an answer that does not come to an end is given up', () => {
  const reader = readerOf([{ first: 1, size: 1, mark: 'mark' }], 1000)
  reader.push(Buffer.from('1 0 1 0\n'))
  assert.throws(() => {
    for (let i = 0; i < 10; i += 1) reader.push(Buffer.alloc(1000, 'x'))
  }, /longer than 1000 bytes/)
})

for (const noise of ['Welcome!\n', '1 0 5 7\n', '2 0 0 0\n', '1 0 0 0\n2 0 0 0\n', 'x'.repeat(300)])
  test(`what is no reply is refused: ${noise.slice(0, 10).trim()}`, () =>
    assert.throws(
      () => readerOf([{ first: 1, size: 1, mark: 'mark' }]).push(Buffer.from(noise)),
      (error: unknown) => error instanceof HostwrightError,
    ))

test.run()
