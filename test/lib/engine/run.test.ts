import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defineModule } from '../../../lib/play/module.ts'
import { play } from '../../../lib/play/play.ts'
import { Type } from '../../../lib/schema/index.ts'
import { shell } from '../../../modules/shell.ts'
import { broken, content, runHere, scratch } from './support.ts'

const here = { hosts: 'here' }

test('a task runs on every host before the next one, in inventory order, and converges', async () => {
  const dir = scratch()
  const plays = [
    play('p', here)
      .task('first', ({ host }) => content({ path: join(dir, `${host}-a`) }))
      .task('second', ({ host }) => content({ path: join(dir, `${host}-b`) })),
  ]
  const first = await runHere(plays)
  assert.equal(first.lines, ['one first changed', 'two first changed', 'one second changed', 'two second changed'])
  const second = await runHere(plays)
  assert.equal(second.lines, ['one first ok', 'two first ok', 'one second ok', 'two second ok'])
  assert.equal(second.outcome.counts['one'], {
    ok: 2,
    changed: 0,
    unreachable: 0,
    failed: 0,
    skipped: 0,
    rescued: 0,
    ignored: 0,
  })
})

test('a task that takes longer than its timeout has failed, and says so', async () => {
  const ran = await runHere([play('p', here).task('hangs', () => shell({ cmd: 'sleep 5' }), { timeout: 1 })], {
    hosts: ['one'],
  })
  assert.equal(ran.lines, ['one hangs failed'])
  assert.match(ran.results[0]?.error?.message ?? '', /not done within 1 s/)
})

test('a failed host takes no further part, the others go on, and the place in the playbook is told', async () => {
  const dir = scratch()
  const ran = await runHere([
    play('p', here)
      .task('breaks on one', ({ host }) => host === 'one' && broken({}))
      .task('after', ({ host }) => content({ path: join(dir, host) })),
  ])
  assert.equal(ran.lines, ['one breaks on one failed', 'two breaks on one skipped', 'two after changed'])
  assert.match(ran.results[0]?.error?.place?.file ?? '', /run\.test\.ts$/)
  assert.is(ran.results[0]?.error?.next, 'do better')
  assert.ok(ran.outcome.failed)
})

test('handlers run once, in the order in which they are defined, at a flush or at the end', async () => {
  const dir = scratch()
  const ran = await runHere(
    [
      play('p', here)
        .handler('h1', () => content({ path: join(dir, 'h1') }))
        .handler('h2', () => content({ path: join(dir, 'h2') }))
        .task('a', () => content({ path: join(dir, 'a') }), { notify: ['h2', 'h1'] })
        .task('b', () => content({ path: join(dir, 'b') }), { notify: 'h2' })
        .flushHandlers()
        .task('c', () => content({ path: join(dir, 'c') })),
    ],
    { hosts: ['one'] },
  )
  assert.equal(
    ran.lines.map((line) => line.split(' ')[1]),
    ['a', 'b', 'h1', 'h2', 'c'],
  )
})

test('a handler lost to a failure is said, kept, and run by the next run', async () => {
  const dir = scratch()
  const stateDir = join(dir, 'state')
  const build = (fails: boolean) => [
    play('p', here)
      .handler('restart', () => content({ path: join(dir, 'restarted') }))
      .task('change', () => content({ path: join(dir, 'conf') }), { notify: 'restart' })
      .task('then', () => fails && broken({})),
  ]
  const first = await runHere(build(true), { hosts: ['one'], stateDir })
  assert.equal(first.lines, ['one change changed', 'one then failed'])
  assert.equal(
    first.events.filter((event) => event.type === 'handlers_pending'),
    [{ type: 'handlers_pending', host: 'one', handlers: ['restart'] }],
  )
  const check = await runHere(build(false), { hosts: ['one'], stateDir, check: true })
  assert.equal(check.lines, ['one change ok', 'one then skipped', 'one restart changed'])
  const second = await runHere(build(false), { hosts: ['one'], stateDir })
  assert.equal(second.lines, ['one change ok', 'one then skipped', 'one restart changed'])
  const third = await runHere(build(false), { hosts: ['one'], stateDir })
  assert.equal(third.lines, ['one change ok', 'one then skipped'])
})

test('a block rescues its failed hosts and always ends with always', async () => {
  const dir = scratch()
  const ran = await runHere([
    play('p', here)
      .block(
        'risky',
        (b) =>
          b
            .task('try', ({ host }) => host === 'one' && broken({}))
            .task('rest', () => content({ path: join(dir, 'rest') })),
        {
          rescue: (b) => b.task('mend', () => content({ path: join(dir, 'mended') })),
          always: (b) => b.task('last', ({ host }) => content({ path: join(dir, `last-${host}`) })),
        },
      )
      .task('after', ({ host }) => content({ path: join(dir, `after-${host}`) })),
  ])
  assert.equal(ran.lines, [
    'one try rescued',
    'two try skipped',
    'two rest changed',
    'one mend changed',
    'one last changed',
    'two last changed',
    'one after changed',
    'two after changed',
  ])
  assert.not(ran.outcome.failed)
})

test('ignore_errors, failed_when, changed_when and until mean what they mean in Ansible', async () => {
  const dir = scratch()
  let tries = 0
  const ran = await runHere(
    [
      play('p', here)
        .task('ignored', () => broken({}), { ignore_errors: true, register: 'bad' })
        .task('reads it', ({ results }) => results.bad.failed && content({ path: join(dir, 'a') }), {
          changed_when: () => false,
        })
        .task('fails by rule', () => content({ path: join(dir, 'a') }), {
          failed_when: () => true,
          ignore_errors: true,
        })
        .task('until', () => content({ path: join(dir, 'b') }), { until: () => ++tries > 2, delay: 0 }),
    ],
    { hosts: ['one'] },
  )
  assert.equal(ran.lines, ['one ignored ignored', 'one reads it ok', 'one fails by rule ignored', 'one until ok'])
  assert.is(tries, 3)
})

test('a loop is planned at once, and planned again after each of its changes', async () => {
  const path = join(scratch(), 'log')
  const ran = await runHere(
    [play('p', here).task('loop', () => ['1', '2', '2'].map((text) => content({ path, text })))],
    { hosts: ['one'] },
  )
  assert.equal(
    ran.results.map((event) => event.status),
    ['changed', 'changed', 'ok', 'changed'],
  )
  assert.is(readFileSync(path, 'utf8'), '2')
})

test('a loop of which every call changes something plans each call twice at most', async () => {
  const dir = scratch()
  let plans = 0
  const counted = defineModule({
    ...{ name: 'counted', summary: 'Writes, and counts its plans.', params: { path: Type.String() }, examples: [] },
    plan: (params, host, task) => {
      plans += 1
      return content.definition.plan({ ...params, text: 'x' }, host, task)
    },
  })
  const calls = 50
  const ran = await runHere(
    [
      play('p', here).task('loop', () =>
        Array.from({ length: calls }, (_, i) => counted({ path: join(dir, String(i)) })),
      ),
    ],
    { hosts: ['one'] },
  )
  assert.equal(ran.lines, ['one loop changed'])
  assert.is(plans, 2 * calls - 1)
})

test('run_once acts on the first host and registers for all; delegate_to acts elsewhere', async () => {
  const dir = scratch()
  const ran = await runHere([
    play('p', here)
      .task('once', ({ host }) => content({ path: join(dir, host) }), { run_once: true, register: 'made' })
      .task('everybody knows', ({ host, results }) =>
        content({ path: join(dir, `${host}-of`), text: results.made.path }),
      )
      .task('elsewhere', ({ host }) => host === 'one' && content({ path: join(dir, 'd') }), { delegate_to: 'two' }),
  ])
  assert.equal(ran.lines, [
    'one once changed',
    'one everybody knows changed',
    'two everybody knows changed',
    'one elsewhere changed',
    'two elsewhere skipped',
  ])
  assert.is(ran.results.find((event) => event.task === 'elsewhere')?.delegated_to, 'two')
})

test('an unreachable host is told apart from a failed one, and the others go on', async () => {
  const dir = scratch()
  const ran = await runHere([play('p', here).task('t', ({ host }) => content({ path: join(dir, host) }))], {
    ini: '[here]\ngone ansible_host=127.0.0.1 ansible_port=1\none ansible_connection=local\n',
  })
  assert.equal(ran.lines, ['gone t unreachable', 'one t changed'])
  assert.ok(ran.outcome.unreachable)
})

test('facts are asked for only when a task touches them', async () => {
  const dir = scratch()
  const ran = await runHere(
    [play('p', here).task('by facts', ({ facts }) => content({ path: join(dir, 'f'), text: facts.distribution }))],
    {
      hosts: ['one'],
    },
  )
  assert.equal(ran.lines, ['one by facts changed'])
  assert.ok(readFileSync(join(dir, 'f'), 'utf8').length > 2)
})

test('tags and start-at-task take a part of the play', async () => {
  const dir = scratch()
  const plays = [
    play('p', here)
      .task('a', () => content({ path: join(dir, 'a') }), { tags: 'red' })
      .task('b', () => content({ path: join(dir, 'b') }), { tags: ['blue', 'never'] })
      .task('c', () => content({ path: join(dir, 'c') }), { tags: 'always' })
      .task('d', () => content({ path: join(dir, 'd') })),
  ]
  const names = async (selection: { tags?: string[]; skipTags?: string[]; startAtTask?: string }) =>
    (
      await runHere(plays, { hosts: ['one'], check: true, selection: { tags: [], skipTags: [], ...selection } })
    ).results.map((event) => event.task)
  assert.equal(await names({}), ['a', 'c', 'd'])
  assert.equal(await names({ tags: ['red'] }), ['a', 'c'])
  assert.equal(await names({ tags: ['blue'] }), ['b', 'c'])
  assert.equal(await names({ skipTags: ['always'] }), ['a', 'd'])
  assert.equal(await names({ startAtTask: 'c' }), ['c', 'd'])
})

test('a secret is masked wherever a result shows it', async () => {
  const path = join(scratch(), 'f')
  writeFileSync(path, 'nothing')
  const { Secret } = await import('../../../lib/secret.ts')
  const password = new Secret('hunter2-hunter2')
  const ran = await runHere([play('p', here).task('t', () => content({ path, text: `pw=${password.reveal()}` }))], {
    hosts: ['one'],
  })
  assert.equal(ran.results[0]?.diff, [{ of: path, before: 'nothing', after: 'pw=********' }])
  assert.not.match(JSON.stringify(ran.events), /hunter2/)
})

test.run()
