/** Check mode: what a task would change on a simulated host, for itself and for later tasks. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { play } from '../../../lib/play/play.ts'
import { content, needs, runHere, scratch } from './support.ts'

const here = { hosts: 'here' }

test('check mode predicts on a simulated host: later tasks see what earlier ones would write, and nothing is written', async () => {
  const path = join(scratch(), 'file')
  const ran = await runHere(
    [
      play('p', here)
        .task('write', () => content({ path, text: 'a' }))
        .task('the same', () => content({ path, text: 'a' }))
        .task('other', () => content({ path, text: 'b' })),
    ],
    { check: true, hosts: ['one'] },
  )
  assert.equal(ran.lines, ['one write changed', 'one the same ok', 'one other changed'])
  assert.equal(ran.results[2]?.diff, [{ of: path, before: 'a', after: 'b' }])
  assert.not(existsSync(path))
})

test('a file in a folder that is missing fails in check mode as it would in a run, unless an earlier task makes the folder', async () => {
  const dir = join(scratch(), 'folder')
  const write = play('p', here).task('write', () => content({ path: join(dir, 'file') }))
  const alone = await runHere([write], { check: true, hosts: ['one'] })
  assert.equal(alone.lines, ['one write failed'])
  assert.match(alone.results[0]?.error?.message ?? '', /there is no folder/)
  const { file } = await import('../../../modules/file.ts')
  const made = play('p', here).task('make', () => file({ path: dir, state: 'directory' }))
  const both = await runHere([made, write], { check: true, hosts: ['one'] })
  assert.equal(both.lines, ['one make changed', 'one write changed'])
})

test('what cannot be read because an earlier task has not really run is predicted, and names that task; with nothing pending it fails', async () => {
  const dir = scratch()
  const plays = [
    play('p', here)
      .task('bring', () => content({ path: join(dir, 'a') }))
      .task('look', () => needs({ path: join(dir, 'a') })),
  ]
  const predicted = await runHere(plays, { check: true, hosts: ['one'] })
  assert.equal(predicted.lines, ['one bring changed', 'one look changed'])
  assert.match(predicted.results[1]?.note ?? '', /"bring"/)
  const alone = await runHere([play('p', here).task('look', () => needs({ path: join(dir, 'b') }))], {
    check: true,
    hosts: ['one'],
  })
  assert.equal(alone.lines, ['one look failed'])
})

test('a task that reads what was only predicted is predicted itself: what changes, changes; what looks, does not', async () => {
  const dir = scratch()
  const ran = await runHere(
    [
      play('p', here)
        .task('bring', () => content({ path: join(dir, 'a') }))
        .task('look', () => needs({ path: join(dir, 'a') }), { register: 'look' })
        .task('uses it', ({ results }) => content({ path: join(dir, 'b'), text: results.look.found.toUpperCase() }))
        .task('loops over it', ({ results }) =>
          results.look.list.map((text) => content({ path: join(dir, 'c'), text })),
        ),
    ],
    { check: true, hosts: ['one'] },
  )
  assert.equal(ran.lines, ['one bring changed', 'one look changed', 'one uses it changed', 'one loops over it changed'])
})

test.run()
