import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Become } from '../../../../lib/connection/connection.ts'
import { loopText } from '../../../../lib/connection/wire/loop.ts'
import { openProgram } from '../../../../lib/connection/wire/open.ts'
import { Secret } from '../../../../lib/secret.ts'
import { fakeProcess, settle, type FakeProcess } from './fake-process.ts'
import { rejected } from '../outcome.ts'

const password = new Secret('open sesame')

/** A program that is being opened: its nonce is known from the text that is asked for. */
function opening(become: Become | undefined, keepsEarly = true) {
  const process = fakeProcess()
  let nonce = ''
  const text = (given: string) => loopText((nonce = given))
  const transport = { host: 'db1', lost: undefined, keepsEarly }
  const opened = openProgram(transport, () => Promise.resolve(process), text, { become, seconds: 5 })
  opened.catch(() => {})
  return { process, opened, ready: () => process.stdout.write(`hostwright-${nonce}-ready 4711\n`), nonce: () => nonce }
}

const lines = (process: FakeProcess) => process.written().split('\n').slice(0, -1)

for (const become of [undefined, { method: 'sudo', user: 'root' }, { method: 'doas', user: 'root' }] as const)
  test(`${become?.method ?? 'the login user'}: nobody can ask for a password, so requests need not wait`, async () => {
    const { process, opened, ready } = opening(become)
    const program = await opened
    await settle()
    assert.is(lines(process).length, 12, 'the prelude is on its way')
    ready()
    assert.is(await program.listening, 4711)
  })

for (const become of [
  { method: 'su', user: 'postgres' },
  { method: 'su', user: 'root', password },
  { method: 'sudo', user: 'root', password },
] as const)
  test(`${become.method}: what may ask for a password gets nothing until it listens`, async () => {
    const { process, opened, ready } = opening(become)
    await settle()
    assert.is(process.written(), '')
    ready()
    await opened
    await settle()
    assert.is(lines(process).length, 12)
  })

test('a question gets the password and nothing else', async () => {
  const { process, opened, ready, nonce } = opening({ method: 'sudo', user: 'root', password })
  await settle()
  process.stderr.write(`[hostwright ${nonce()}] password:`)
  await settle()
  assert.is(process.written(), 'open sesame\n')
  ready()
  await opened
})

test('where a shell reads ahead, nothing is written before it listens', async () => {
  const { process, opened, ready } = opening(undefined, false)
  await settle()
  assert.is(process.written(), '')
  ready()
  await opened
})

test('no two lines of the prelude are alike: where a new password is asked for twice, they give none', async () => {
  const { process, opened } = opening(undefined)
  await opened
  await settle()
  const all = lines(process)
  assert.is(new Set(all).size, all.length)
})

test('a long answer that comes with the first word of the program is kept', async () => {
  const { process, opened, nonce } = opening(undefined)
  const program = await opened
  const answer = Buffer.alloc(100_000, 'x')
  process.stdout.write(Buffer.concat([Buffer.from(`Welcome\nhostwright-${nonce()}-ready 1\n`), answer]))
  await program.listening
  assert.ok((process.stdout.read() as Buffer).equals(answer))
})

test('a program that never listens is an error of whoever waits for it, and its streams are closed', async () => {
  const { process, opened } = opening({ method: 'sudo', user: 'root' })
  const program = await opened
  process.stderr.write('sudo: a password is required\n')
  await settle()
  process.end()
  const error = await rejected(program.listening)
  assert.is(error.host, 'db1')
  assert.match(error.message, /sudo wants a password/)
  assert.ok(process.closed())
})

test.run()
