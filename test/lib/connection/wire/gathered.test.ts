import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { Gathered } from '../../../../lib/connection/wire/gathered.ts'

test('any chunks come out as the bytes they are, one output after the other', () => {
  const gathered = new Gathered()
  const length = fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(65_535, 65_536, 65_537, 200_000))
  fc.assert(
    fc.property(fc.array(length, { maxLength: 12 }), fc.boolean(), (lengths, dropped) => {
      const chunks = lengths.map((bytes) => randomBytes(bytes))
      for (const chunk of chunks) gathered.push(chunk)
      assert.is(gathered.size, Buffer.concat(chunks).length)
      if (dropped) gathered.drop()
      else assert.ok(gathered.take().equals(Buffer.concat(chunks)))
      assert.is(gathered.size, 0)
    }),
    { numRuns: 200 },
  )
})

test('a million chunks of five bytes take little more than their bytes', () => {
  const gathered = new Gathered()
  const before = process.memoryUsage().rss
  for (let chunk = 0; chunk < 1_000_000; chunk++) gathered.push(Buffer.from('more\n'))
  const grown = Math.round((process.memoryUsage().rss - before) / 1e6)
  assert.ok(grown < 100, `${grown} MB`)
  assert.is(gathered.take().length, 5_000_000)
})

test.run()
