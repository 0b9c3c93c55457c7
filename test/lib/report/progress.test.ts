import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event } from '../../../lib/events/event.ts'
import { result, tell, task } from './script.ts'

const progress = (host: string, seconds: number, line: string): Event => ({
  type: 'progress',
  task: 'Install',
  host,
  seconds,
  line,
})

test('into a pipe: a line every ten seconds, on standard error', () => {
  const events = Array.from({ length: 25 }, (_, i) => progress('db1', i + 3, `unpacking ${i + 3}`))
  const { out, err } = tell([task, ...events])
  assert.is(err, '... [db1] Install: 10s, unpacking 10\n... [db1] Install: 20s, unpacking 20\n')
  assert.not.match(out, '...')
})

test('on a terminal: a line for each busy host, gone when its result is there', () => {
  const { err, out } = tell(
    [progress('db1', 3, 'Get:1 libllvm\r'), progress('db2', 75, ''), result({ host: 'db1' }), task],
    { live: true },
  )
  assert.is(
    err,
    [
      '... [db1] Install: 3s, Get:1 libllvm\n',
      '\x1b[1A\r\x1b[J... [db1] Install: 3s, Get:1 libllvm\n... [db2] Install: 1m15s\n',
      '\x1b[2A\r\x1b[J... [db2] Install: 1m15s\n',
      '\x1b[1A\r\x1b[J',
    ].join(''),
  )
  assert.match(out, 'ok: [db1]\n')
})

test('a status line never wraps, or it could not be taken back', () => {
  const { err } = tell([progress('db1', 3, 'x'.repeat(200))], { live: true, columns: () => 40 })
  assert.is(err.trimEnd().length, 39)
})

test('many busy hosts take a few lines only', () => {
  const { err } = tell(
    Array.from({ length: 12 }, (_, i) => progress(`h${i}`, 3, '')),
    { live: true },
  )
  assert.match(err, '... and 4 more hosts\n')
})

test.run()
