import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { raw } from '../../../../lib/quote.ts'
import { Wire, type Sent } from '../../../../lib/connection/wire/wire.ts'
import { fakeProcess, settle } from './fake-process.ts'

const nothing = Buffer.alloc(0)

function wireOf(listening: Promise<number> = Promise.resolve(1)) {
  const process = fakeProcess()
  const ended: number[] = []
  const home = {
    host: 'db1',
    endTree(pid: number) {
      ended.push(pid)
      return Promise.resolve({ is: 'ended' } as const)
    },
    lost: () => undefined,
    rested: () => {},
  }
  return { process, ended: () => ended, wire: new Wire({ ...process, listening, pty: false }, home, () => {}) }
}

const request = (script: string, more: Partial<Sent> = {}): Sent => ({
  script: raw(script),
  input: nothing,
  seconds: 5,
  outputLimit: 1000,
  alone: false,
  resolve: () => {},
  reject: () => {},
  ...more,
})

/** How many requests each group has, as they were written. */
const groups = (written: string) =>
  written
    .split(/^\d+ \d+ \d+\n/m)
    .slice(1)
    .map((group) => group.match(/^_hr /gm)?.length ?? 0)

test('requests of one moment travel in groups, those of another moment in others', async () => {
  const { process, wire } = wireOf()
  for (let i = 0; i < 20; i += 1) wire.send(request('true'))
  await settle()
  wire.send(request('true'))
  await settle()
  assert.equal(groups(process.written()), [16, 4, 1])
})

test('a request with a limit of its own keeps nobody’s answer back', async () => {
  const { process, wire } = wireOf()
  for (const alone of [false, false, true, true, false]) wire.send(request('true', { alone }))
  await settle()
  assert.equal(groups(process.written()), [2, 1, 1, 1])
})

test('a host with very many requests lets others have their turn', async () => {
  const { process, wire } = wireOf()
  const seen: number[] = []
  for (let i = 0; i < 1000; i += 1) wire.send(request('true'))
  for (let turn = 0; turn < 20; turn += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    seen.push(groups(process.written()).reduce((sum, size) => sum + size, 0))
  }
  assert.ok((seen[0] ?? 0) <= 128 && (seen[1] ?? 0) <= 256, 'no more than its share at once')
  assert.is(seen.at(-1), 1000)
})

test('requests may be written before the loop listens, and fail with it', async () => {
  let fail: (error: Error) => void = () => {}
  const { process, wire } = wireOf(new Promise((_, reject) => (fail = reject)))
  const errors: string[] = []
  wire.send(request('true', { reject: (error) => errors.push(error.message) }))
  await settle()
  assert.equal(groups(process.written()), [1])
  fail(new Error('no shell'))
  await settle()
  assert.equal(errors, ['Error: no shell'])
  assert.ok(wire.dead && process.closed())
})

test('an answer out of turn ends the wire', async () => {
  const { process, wire } = wireOf()
  const errors: string[] = []
  wire.send(request('true', { reject: (error) => errors.push(error.message) }))
  await settle()
  process.stdout.write('2 0 0 0\n')
  await settle()
  assert.match(errors[0] ?? '', /something unexpected: "2 0 0 0"/)
  assert.ok(wire.dead)
})

test('an answer that is too long fails its own request alone', async () => {
  const { process, wire } = wireOf()
  const told: string[] = []
  for (const name of ['one', 'two'])
    wire.send(
      request('true', {
        resolve: ({ stdout }) => told.push(`${name}: ${String(stdout)}`),
        reject: (error) => told.push(`${name}: ${error.message}`),
      }),
    )
  await settle()
  const mark = process.written().trimEnd().split('\n').at(-1) ?? ''
  process.stdout.write(`1 0 1 0\n2 0 1 0\n${'x'.repeat(1500)}\n${mark}\nshort\n${mark}\n`)
  await settle()
  assert.match(told[0] ?? '', /^one: its output is longer than 1000 bytes/)
  assert.is(told[1], 'two: short')
  assert.not(wire.dead)
})

test('an answer without an end ends the wire and what writes it, and says so to those that wait', async () => {
  const { process, wire, ended } = wireOf()
  const told: string[] = []
  for (let i = 0; i < 2; i += 1) wire.send(request('true', { reject: (error) => told.push(error.message) }))
  await settle()
  process.stdout.write('1 0 1 0\n2 0 1 0\n')
  for (let i = 0; i < 10; i += 1) process.stdout.write('x'.repeat(1000))
  await settle()
  assert.match(told[0] ?? '', /longer than 1000 bytes/)
  assert.match(told[1] ?? '', /before it did not come to an end/)
  assert.ok(wire.dead && process.closed())
  assert.equal(ended(), [1])
})

test.run()
