/** Several hosts act on one machine at once: nobody's entry is lost, and what all of them ask for is made once. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { play } from '../../../lib/play/play.ts'
import { shell } from '../../../modules/shell.ts'
import { entriesIn, entriesOnOne, missingFrom, tenInventory, times } from '../../support/ten-on-one.ts'
import { content, runHere, scratch, type Ran } from './support.ts'

const here = { hosts: 'ten' }
const toOne = { delegate_to: 'machine' }

const count = (ran: Ran, task: string, status: string) =>
  ran.lines.filter((line) => line.endsWith(` ${task} ${status}`)).length

test('ten hosts that put an entry each into the files of one machine: all are there, time after time', async () => {
  for (let time = 0; time < times; time++) {
    const folder = scratch()
    const run = (more = {}) => runHere([entriesOnOne(folder, 'machine')], { ini: tenInventory(folder), ...more })
    const predicted = time === 0 ? await run({ check: true }) : undefined
    const first = await run()
    assert.is(first.outcome.failed, false, first.lines.join('\n'))
    if (predicted !== undefined) assert.equal(first.lines, predicted.lines, 'check mode predicts it')
    for (const [file, entry] of Object.entries(entriesIn))
      assert.equal(missingFrom(readFileSync(join(folder, file), 'utf8'), entry), [], file)
    const second = await run()
    assert.equal(
      second.lines.filter((line) => !line.endsWith(' ok')),
      [],
      'the second run changes nothing',
    )
  }
})

test('what ten hosts ask of one machine is made once, and check mode says so', async () => {
  const folder = scratch()
  const plays = [
    play('p', here)
      .task('the same', () => content({ path: join(folder, 'same') }), toOne)
      .task('two of them', () => ['a', 'b'].map((name) => content({ path: join(folder, name) })), toOne),
  ]
  for (const check of [true, false]) {
    const ran = await runHere(plays, { ini: tenInventory(folder), check })
    assert.equal([count(ran, 'the same', 'changed'), count(ran, 'the same', 'ok')], [1, 9], `check: ${check}`)
    assert.is(count(ran, 'two of them', 'changed') + count(ran, 'two of them', 'ok'), 10)
    const changes = ran.results.filter(({ item, status }) => item !== undefined && status === 'changed')
    assert.is(changes.length, 2, `check: ${check}`)
  }
})

test('a handler is owed by those that changed something only', async () => {
  const folder = scratch()
  const ran = await runHere(
    [
      play('p', here)
        .handler('told', ({ host }) => content({ path: join(folder, host) }))
        .task('the same', () => content({ path: join(folder, 'same') }), { ...toOne, notify: 'told' }),
    ],
    { ini: tenInventory(folder) },
  )
  assert.is(count(ran, 'told', 'changed'), 1)
})

test('commands of ten hosts on one machine run side by side', async () => {
  const folder = scratch()
  // Each waits for all the others: one after the other, the first would wait in vain.
  const cmd = (host: string) =>
    `: >${folder}/${host}; i=0; while [ $(ls ${folder} | grep -c '^h') -lt 10 ]; do i=$((i+1)); [ $i -lt 300 ] || exit 1; sleep 0.1; done`
  const plays = [play('p', here).task('meet', ({ host }) => shell({ cmd: cmd(host) }), toOne)]
  const ran = await runHere(plays, { ini: tenInventory(folder) })
  assert.is(count(ran, 'meet', 'changed'), 10, ran.lines.join('\n'))
})

test.run()
