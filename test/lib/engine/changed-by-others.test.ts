/** What a plan read is changed by others before its apply: nothing of theirs is lost, and the task plans again. */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChangedSincePlan } from '../../../lib/host/changed-since.ts'
import { change, defineModule, unchanged } from '../../../lib/play/module.ts'
import { play } from '../../../lib/play/play.ts'
import { Type, withDefault } from '../../../lib/schema/index.ts'
import { lineinfile } from '../../../modules/lineinfile.ts'
import { ten, tenInventory } from '../../support/ten-on-one.ts'
import { content, runHere, scratch } from './support.ts'

let plans = 0
/** Finds at each apply that it came too late, so many times; what it `makes` is made before it finds out. */
const late = defineModule({
  name: 'late',
  summary: 'Comes too late.',
  params: { path: Type.String(), times: Type.Integer(), makes: withDefault(Type.Boolean(), false) },
  examples: [],
  plan: async ({ path, times, makes }, host) => {
    const try_ = (plans += 1)
    if (times < 100 && (await host.files.stat(path)) !== undefined) return unchanged({ try_ })
    return change({
      diff: [{ of: path, before: '', after: `try ${try_}` }],
      result: { try_ },
      apply: async (writable) => {
        if (makes) await writable.files.write(path, Buffer.from('made'))
        if (try_ <= times) throw new ChangedSincePlan('somebody was here', { host: writable.name })
        await writable.files.write(path, Buffer.from('x'))
      },
    })
  },
})

test('a task whose apply comes too late is planned again, and shows its last plan', async () => {
  plans = 0
  const path = join(scratch(), 'file')
  const ran = await runHere([play('p', { hosts: 'here' }).task('late', () => late({ path, times: 2 }))], {
    hosts: ['one'],
  })
  assert.equal(ran.lines, ['one late changed'])
  assert.equal(ran.results[0]?.diff, [{ of: path, before: '', after: 'try 3' }])
})

test('a task that always comes too late fails with the reason, and is not tried for ever', async () => {
  plans = 0
  const path = join(scratch(), 'file')
  const ran = await runHere([play('p', { hosts: 'here' }).task('late', () => late({ path, times: 100 }))], {
    hosts: ['one'],
  })
  assert.equal(ran.lines, ['one late failed'])
  const error = ran.results[0]?.error
  assert.match(error?.message ?? '', /^somebody was here; it kept changing while the task was planned, \d times$/)
  assert.match(error?.next ?? '', /what else writes there/)
  assert.ok(plans < 15, String(plans))
})

test('what an apply had changed before it came too late is a change, and its handlers run', async () => {
  plans = 0
  const dir = scratch()
  const path = join(dir, 'file')
  const ran = await runHere(
    [
      play('p', { hosts: 'here' })
        .handler('told', () => content({ path: join(dir, 'told') }))
        .task('late', () => late({ path, times: 2, makes: true }), { notify: 'told' }),
    ],
    { hosts: ['one'] },
  )
  assert.equal(ran.lines, ['one late changed', 'one told changed'])
})

/** Plans an edit; while it is under way somebody else makes the very same. */
const overtaken = defineModule({
  name: 'overtaken',
  summary: 'Is overtaken.',
  params: { path: Type.String() },
  examples: [],
  plan: async ({ path }, host) => {
    const now = (await host.files.read(path))?.toString()
    if (now === 'wanted') return unchanged({})
    return change({
      diff: [],
      result: {},
      apply: async (writable) => {
        writeFileSync(path, 'wanted')
        await writable.files.write(path, Buffer.from('wanted'))
      },
    })
  },
})

test('somebody else made the change in the meantime: it is ok, and no handler runs', async () => {
  const dir = scratch()
  const path = join(dir, 'file')
  writeFileSync(path, 'before')
  const ran = await runHere(
    [
      play('p', { hosts: 'here' })
        .handler('told', () => content({ path: join(dir, 'told') }))
        .task('overtaken', () => overtaken({ path }), { notify: 'told' }),
    ],
    { hosts: ['one'] },
  )
  assert.equal(ran.lines, ['one overtaken ok'])
  assert.not(existsSync(join(dir, 'told')))
})

test('two runs at once, and somebody who appends lines meanwhile: no line is lost', async () => {
  const folder = scratch()
  const path = join(folder, 'lines')
  writeFileSync(path, '')
  const lines = (run: string) =>
    play('p', { hosts: 'ten' }).task('line', ({ host }) => lineinfile({ path, line: `${run} of ${host}` }), {
      delegate_to: 'machine',
    })
  const appended = Array.from({ length: 25 }, (_, at) => `appended ${at}`)
  const appending = async () => {
    for (const line of appended) {
      appendFileSync(path, `${line}\n`)
      await sleep(150)
    }
  }
  const [, ...runs] = await Promise.all([
    appending(),
    ...['one', 'two'].map((run) => runHere([lines(run)], { ini: tenInventory(folder) })),
  ])
  const there = readFileSync(path, 'utf8').split('\n')
  const wanted = [...ten.flatMap((host) => [`one of ${host}`, `two of ${host}`]), ...appended]
  assert.equal(
    wanted.filter((line) => !there.includes(line)),
    [],
  )
  for (const ran of runs) assert.is(ran.outcome.failed, false, ran.lines.join('\n'))
})

test.run()
