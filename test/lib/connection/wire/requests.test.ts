import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { encodeGroup, joinSmall, refuseNul } from '../../../../lib/connection/wire/requests.ts'
import { raw } from '../../../../lib/quote.ts'

const nothing = Buffer.alloc(0)
const encoded = (first: number, ...requests: readonly (readonly [script: string, input?: string])[]) =>
  Buffer.concat(
    encodeGroup(
      { first, size: requests.length, mark: 'mark' },
      requests.map(([script, input]) => ({
        script: raw(script),
        input: input === undefined ? nothing : Buffer.from(input),
      })),
    ),
  ).toString()

test('short scripts go as counted lines, with their inputs behind them', () => {
  assert.is(
    encoded(7, ['echo a\necho b'], ["echo 'c'", 'in']),
    "7 6 0\n_hr 'echo a\necho b\n'\n_hn 2\n_hr 'echo '\\''c'\\''\n'\n7\nin.\nmark\n",
  )
})

test('long ones go as counted bytes', () => {
  const long = `# ${'ü'.repeat(2000)}`
  assert.is(encoded(8, [long]), `8 0 ${Buffer.byteLength(long) + 8}\n_hr '${long}\n'\n8\nmark\n`)
})

test('a NUL byte in a script is refused, since read would drop it', () => {
  assert.throws(() => refuseNul(raw('echo \0')), /NUL/)
})

test('small pieces are written at once and large ones are not copied', () => {
  const large = Buffer.alloc(100)
  const pieces = joinSmall([Buffer.from('a'), Buffer.from('b'), large, Buffer.from('c')], 10)
  assert.equal(pieces.map(String), ['ab', String(large), 'c'])
  assert.is(pieces[1], large)
})

test.run()
