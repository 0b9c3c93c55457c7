import { PassThrough } from 'node:stream'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { LargeAnswer } from '../../../../lib/connection/wire/large-answers.ts'

const open = () => {
  const stream = new PassThrough().resume()
  return { stream, answer: new LargeAnswer(stream) }
}

test('small answers come side by side, large ones in turn', () => {
  const [one, two, three] = [open(), open(), open()]
  const paused = () => [one, two, three].map(({ stream }) => stream.isPaused())
  one.answer.keeps(100)
  two.answer.keeps(100)
  assert.equal(paused(), [false, false, false])
  for (const { answer } of [one, two, three]) answer.keeps(5_000_000)
  assert.equal(paused(), [false, true, true])
  one.answer.over()
  assert.equal(paused(), [false, false, true])
  // Its last byte came, and the next answer of the same host is a small one.
  two.answer.keeps(0)
  assert.equal(paused(), [false, false, false])
  three.answer.over()
})

test('one that is given up while it waits leaves its turn to the next', () => {
  const [one, two, three] = [open(), open(), open()]
  for (const { answer } of [one, two, three]) answer.keeps(5_000_000)
  two.answer.over()
  one.answer.over()
  assert.is(three.stream.isPaused(), false)
  three.answer.over()
})

test.run()
