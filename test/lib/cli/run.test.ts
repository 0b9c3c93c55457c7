import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseOptions } from '../../../lib/cli/options/options.ts'
import { playbookOptions } from '../../../lib/cli/options/playbook-options.ts'
import { runPlaybooks } from '../../../lib/cli/run.ts'
import type { RunSummary } from '../../../lib/engine/prepare/settings.ts'
import { HostwrightError, InputErrors } from '../../../lib/error.ts'
import { play, playbook } from '../../../lib/index.ts'
import type { Engine } from '../../../lib/run/run.ts'
import { fakeConsole, fakeEngine } from './fake.ts'

const site = { ...playbook('site', [play('One', { hosts: 'localhost', tags: 'p' })]), file: '/x/site.ts' }
const load = () => Promise.resolve(site)
const named = { file: site.file, load }

async function run(engine: Engine, argv: readonly string[] = [], console = fakeConsole()) {
  const given = parseOptions(playbookOptions, ['-i', 'db1,', ...argv], {})
  const code = await runPlaybooks([named], given, console, engine)
  return { code, console, ...console.told }
}

const ends = (outcome: Partial<RunSummary>) =>
  fakeEngine({
    runPlaybook: () =>
      Promise.resolve({ counts: {}, failed: false, unreachable: false, interrupted: false, ...outcome }),
  })
const throws = (thrown: unknown) => fakeEngine({ runPlaybook: () => Promise.reject(thrown as Error) })

const codes: readonly (readonly [string, Engine, number])[] = [
  ['all is well', ends({}), 0],
  ['a host failed', ends({ failed: true }), 2],
  ['a host was not reached', ends({ unreachable: true }), 4],
  ['both', ends({ failed: true, unreachable: true }), 6],
  ['interrupted', ends({ failed: true, interrupted: true }), 99],
  ['the input is wrong', throws(new InputErrors([new HostwrightError('a', { kind: 'input' })])), 1],
  ['an unreachable host was thrown', throws(new HostwrightError('gone', { kind: 'unreachable' })), 4],
  ['a defect of ours', throws(new HostwrightError('oops', { kind: 'defect' })), 250],
  ['something unexpected', throws(new TypeError('x is undefined')), 250],
]
for (const [name, engine, expected] of codes)
  test(`exit ${expected}: ${name}`, async () => assert.is((await run(engine)).code, expected))

test('exit 5: an option that makes no sense', async () => {
  const { code, err } = await run(fakeEngine(), ['-f', 'x'])
  assert.is(code, 5)
  assert.match(err, 'ERROR! --forks wants a whole number')
})

test('the first interrupt ends the run in order, the second at once', async () => {
  const console = fakeConsole()
  const engine = fakeEngine({
    async runPlaybook({ signal }) {
      console.watched[0]?.interrupt()
      assert.ok(signal?.aborted)
      assert.equal(console.exits, [])
      console.watched[0]?.interrupt()
      return Promise.reject(new Error('connection closed'))
    },
  })
  assert.is((await run(engine, [], console)).code, 99)
  assert.equal(console.exits, [99])
  assert.not.match(console.told.err, 'connection closed')
  assert.equal(console.watched, [], 'signals are left alone again afterwards')
})

test('what nobody caught is told as a defect', async () => {
  const console = fakeConsole()
  const engine = fakeEngine({
    runPlaybook() {
      console.watched[0]?.crash(new Error('lost promise'))
      return ends({}).runPlaybook({} as never)
    },
  })
  await run(engine, [], console)
  assert.equal(console.exits, [250])
  assert.match(console.told.err, 'bug in hostwright: lost promise')
})

test('a playbook after one that failed does not begin', async () => {
  const given = parseOptions(playbookOptions, ['-i', 'db1,'], {})
  let loaded = 0
  const counted = { file: site.file, load: () => ((loaded += 1), load()) }
  assert.is(await runPlaybooks([counted, counted], given, fakeConsole(), ends({ failed: true })), 2)
  assert.is(loaded, 1)
})

test('the listings look as Ansible’s do, and run nothing', async () => {
  const engine = fakeEngine({
    runPlaybook: () => assert.unreachable() as never,
    listHosts: () => [{ play: 'One', pattern: 'db:!db2', hosts: ['db1'] }],
    listTasks: () => [{ play: 'One', hosts: 'db:!db2', tags: ['p'], tasks: [{ name: 'Tune', tags: ['b', 'a'] }] }],
  })
  const { out, code } = await run(engine, ['--list-hosts', '--list-tasks', '--list-tags'], fakeConsole({ cwd: '/x' }))
  assert.is(code, 0)
  assert.is(
    out,
    `
playbook: site.ts

  play #1 (db:!db2): One\tTAGS: [p]
    pattern: ['db', '!db2']
    hosts (1):
      db1
    tasks:
      Tune\tTAGS: [a, b]
      TASK TAGS: [a, b, p]
`,
  )
})

test('--syntax-check ends before a host is met', async () => {
  const good = await run(fakeEngine(), ['--syntax-check'], fakeConsole({ cwd: '/x' }))
  assert.equal([good.code, good.out], [0, '\nplaybook: site.ts\n'])
  const engine = fakeEngine({
    preflight: () => Promise.reject(new HostwrightError('bad', { kind: 'input', next: 'mend it' })),
  })
  const bad = await run(engine, ['--syntax-check'])
  assert.equal([bad.code, bad.err], [1, 'ERROR! bad\n    next: mend it\n'])
})

test('--output json puts nothing but events on standard output', async () => {
  const engine = fakeEngine({
    runPlaybook({ report }) {
      report({ type: 'warning', message: 'careful' })
      return ends({}).runPlaybook({} as never)
    },
  })
  const { out, err } = await run(engine, ['--output', 'json'])
  assert.is(err, '')
  assert.is((JSON.parse(out) as { message: string }).message, 'careful')
})

test.run()
