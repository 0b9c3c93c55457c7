import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { forgetting, memory } from '../../../lib/host/memory.ts'

test('a question is asked once until the memory is emptied', async () => {
  const known = memory()
  let asked = 0
  const ask = known.remember((path: string, options?: { readonly follow: boolean }) =>
    Promise.resolve(`${path} ${options?.follow} ${(asked += 1)}`),
  )
  assert.equal(await Promise.all([ask('/a'), ask('/a'), ask('/b'), ask('/a', { follow: true })]), [
    '/a undefined 1',
    '/a undefined 1',
    '/b undefined 2',
    '/a true 3',
  ])
  known.forget()
  assert.is(await ask('/a'), '/a undefined 4')
})

test('a failed question is asked again', async () => {
  let asked = 0
  const ask = memory().remember(() => ((asked += 1) === 1 ? Promise.reject(new Error('no')) : Promise.resolve(asked)))
  assert.is(await ask().catch(() => 'failed'), 'failed')
  assert.is(await ask(), 2)
})

test('what is not to be kept is asked again, and shared while it is on its way', async () => {
  let asked = 0
  const ask = memory().remember(
    () => Promise.resolve((asked += 1)),
    (answer) => answer > 1,
  )
  assert.equal(await Promise.all([ask(), ask()]), [1, 1])
  assert.equal([await ask(), await ask()], [2, 2])
})

test('an answer that was on its way when the memory was emptied is not taken for a new one', async () => {
  const known = memory()
  const answers: ((answer: number) => void)[] = []
  const ask = known.remember(() => new Promise<number>((resolve) => answers.push(resolve)))
  const before = ask()
  known.forget()
  const after = ask()
  answers[1]?.(2)
  answers[0]?.(1)
  assert.equal([await before, await after, await ask()], [1, 2, 2])
})

test('what is no question forgets before, and again when it is done or has failed', async () => {
  const told: string[] = []
  const part = forgetting(
    {
      name: 'part',
      read: () => Promise.resolve(told.push('read')),
      write: () => Promise.resolve(told.push('write')),
      fail: () => Promise.reject(new Error('full')),
    },
    ['read'],
    () => told.push('forgot'),
  )
  assert.is(part.name, 'part')
  await part.read()
  await part.write()
  await part.fail().catch(() => told.push('failed'))
  assert.equal(told, ['read', 'forgot', 'write', 'forgot', 'forgot', 'forgot', 'failed'])
})

test.run()
