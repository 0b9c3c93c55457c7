import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { inBatches } from '../../../lib/host/batch.ts'

test('every question gets its own answer, whatever is asked in however many turns', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(
          fc.string().filter((text) => !text.includes('\0')),
          { maxLength: 500 },
        ),
        { maxLength: 3 },
      ),
      async (turns) => {
        const batches: (readonly string[])[] = []
        const ask = inBatches((questions) => {
          batches.push(questions)
          return Promise.resolve(questions.map((question) => `answer to ${question}`))
        })
        for (const turn of turns)
          assert.equal(
            await Promise.all(turn.map((question) => ask(question))),
            turn.map((question) => `answer to ${question}`),
          )
        assert.equal(
          batches.flat(),
          turns.flatMap((turn) => [...new Set(turn)]),
        )
        assert.ok(batches.every((batch) => batch.length > 0 && batch.length <= 200))
      },
    ),
    { numRuns: 100 },
  ))

test('what is asked in one turn is one batch, also by what the turn wakes', async () => {
  const batches: (readonly string[])[] = []
  const ask = inBatches((questions) => {
    batches.push(questions)
    return Promise.resolve(questions)
  })
  const later = async () => {
    await Promise.resolve()
    return ask('c')
  }
  assert.equal(await Promise.all([ask('a'), later(), ask('b'), ask('a')]), ['a', 'c', 'b', 'a'])
  assert.equal(batches, [['a', 'b', 'c']])
})

test('long questions are spread over several requests', async () => {
  const sizes: number[] = []
  const ask = inBatches((questions) => {
    sizes.push(questions.join('').length)
    return Promise.resolve(questions)
  })
  const long = Array.from({ length: 30 }, (_, i) => `${i}`.padEnd(i === 7 ? 70_000 : 9_000, 'x'))
  assert.equal(await Promise.all(long.map(ask)), long)
  assert.ok(sizes.every((size) => size <= 70_000))
  assert.ok(sizes.length < 10)
})

test('an error is told to all who asked, and an answer that failed only to who asked for it', async () => {
  const failing = inBatches<string>(() => Promise.reject(new Error('lost')))
  const told = await Promise.allSettled([failing('a'), failing('b')])
  assert.equal(
    told.map(({ status }) => status),
    ['rejected', 'rejected'],
  )
  const picky = inBatches<string>((questions) =>
    Promise.resolve(questions.map((one) => (one === 'b' ? Promise.reject(new Error('no')) : `${one}!`))),
  )
  assert.equal(await Promise.all([picky('a'), picky('b').catch((error: Error) => error.message), picky('c')]), [
    'a!',
    'no',
    'c!',
  ])
})

test('a question that cannot be sent fails by itself', async () => {
  const ask = inBatches((questions) => Promise.resolve(questions))
  const told = await Promise.allSettled([ask('a'), ask('b\0'), ask('c')])
  assert.equal(
    told.map((one) => (one.status === 'fulfilled' ? one.value : 'refused')),
    ['a', 'refused', 'c'],
  )
})

test.run()
