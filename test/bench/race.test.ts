import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Command, Cost } from '../../bench/measure/measure.ts'
import { race, type Race } from '../../bench/measure/race.ts'

const racer = (tool: 'hostwright' | 'script' | 'mitogen', runs: number) => ({
  tool,
  runs,
  command: { argv: [tool], limit: 1 },
})

/** Every measured command takes a second longer than the one before; gives what was run, too. */
async function run(given: Pick<Race, 'racers'> & Partial<Race>) {
  const order: string[] = []
  const measure = ({ argv }: Command, memory: boolean): Promise<Cost> => {
    order.push(`${argv.join(' ')}${memory ? ' looked at' : ''}`)
    const end = { started: 0, sent: 0, status: 0, late: false, stdout: '', stderr: '' }
    return Promise.resolve({ ...end, wall: order.length, cpu: 1, peak: memory ? 100 + order.length : 0 })
  }
  const at = { what: 'work', hosts: 1, tasks: 1 }
  const entries = await race({ at, judge: () => undefined, ...given }, measure, () => undefined)
  return { order, entries }
}

test('tools run in turn, after a run each that warms up and does not count', async () => {
  const { order, entries } = await run({ racers: [racer('hostwright', 2), racer('script', 2), racer('mitogen', 1)] })
  assert.equal(order, [
    ...['hostwright looked at', 'script looked at'],
    ...['hostwright', 'script', 'mitogen looked at'],
    ...['script', 'hostwright'],
  ])
  assert.equal(
    entries.map(({ tool, wall, memory }) => [tool, wall, memory]),
    [
      ['hostwright', [3, 7], 101],
      ['script', [4, 6], 102],
      ['mitogen', [5], 105],
    ],
  )
})

test('long runs are not warmed up for', async () => {
  const { order, entries } = await run({ cold: true, racers: [racer('script', 2)] })
  assert.equal(order, ['script looked at', 'script looked at'])
  assert.equal(entries[0]?.wall, [1, 2])
})

test('who is wrong twice is out, and none of it counts', async () => {
  const racers = [racer('script', 5), racer('mitogen', 5)]
  const { order, entries } = await run({
    racers,
    judge: (_cost, _recap, tool) => (tool === 'mitogen' ? 'it changed' : undefined),
  })
  assert.is(order.filter((line) => line.startsWith('mitogen')).length, 2)
  assert.equal(entries[1]?.wall, [])
  assert.equal(entries[1]?.spoiled, ['it changed', 'it changed'])
  assert.is(entries[0]?.wall.length, 5)
})

test('the hosts are made ready before every run', async () => {
  const before: string[] = []
  await run({ racers: [racer('script', 2)], before: (tool) => Promise.resolve(void before.push(tool)) })
  assert.equal(before, ['script', 'script', 'script'])
})

test.run()
