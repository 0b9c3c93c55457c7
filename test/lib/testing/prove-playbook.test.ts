/** `provePlaybook` passes a role that converges, and names the task and host where check mode and the run differ. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { change, defineModule, play, playbook, role, schema, Type } from '../../../lib/index.ts'
import { inFolder, provePlaybook } from '../../../lib/testing/index.ts'
import { command } from '../../../modules/command.ts'
import { copy } from '../../../modules/copy.ts'
import { debug } from '../../../modules/debug.ts'
import { fail } from '../../../modules/fail.ts'

const vars = schema({ folder: Type.String() })
const greeter = role({ vars }, (chain) =>
  chain
    .handler('tell', ({ vars }) => copy({ content: 'told\n', dest: `${vars.folder}/told` }))
    .task('Greet', ({ vars }) => copy({ content: 'hello\n', dest: `${vars.folder}/greeting` }), { notify: 'tell' }),
)
const greeting = play('Greeter', { hosts: 'localhost', vars })

async function broken(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    assert.is((error as Error).name, 'AssertionError')
    return (error as Error).message
  }
  return assert.unreachable('it should not have been proven') as never
}

test('a role that converges passes, with its handlers', () =>
  inFolder(async (folder) => {
    const site = playbook('site', [greeting.task('Hello', () => debug({ msg: 'hello' })).use(greeter)])
    const { predicted, done, second } = await provePlaybook(site, { vars: { folder }, playbookDir: folder })
    assert.is(readFileSync(`${folder}/told`, 'utf8'), 'told\n')
    assert.equal([predicted.changed, done.changed, second.changed], [true, true, false])
    assert.equal(predicted.counts['localhost']?.changed, 2)
  }))

test('a task that changes every time is named, unless the caller says so', () =>
  inFolder(async (folder) => {
    const site = () => playbook('site', [greeting.use(greeter).task('Touch', () => command({ cmd: 'true' }))])
    const options = { vars: { folder }, playbookDir: folder }
    assert.match(await broken(provePlaybook(site(), options)), '"Touch" of "Greeter" on localhost: a second run')
    await provePlaybook(site(), { ...options, alwaysChanges: ['Touch'] })
  }))

test('a task whose diff is another in the run is named', () =>
  inFolder(async (folder) => {
    let plans = 0
    const moody = defineModule({
      name: 'moody',
      summary: 'Never says the same.',
      params: {},
      examples: [],
      plan: () =>
        Promise.resolve(
          change({
            diff: [{ of: 'mood', before: 'none', after: `mood ${(plans += 1)}` }],
            result: {},
            apply: () => Promise.resolve(),
          }),
        ),
    })
    const site = playbook('site', [greeting.task('Mood', () => moody({}))])
    const message = await broken(provePlaybook(site, { vars: { folder }, playbookDir: folder }))
    assert.match(message, '"Mood" of "Greeter" on localhost: the run changed something else')
    assert.match(message, 'mood 2')
  }))

test('a task that fails is named with its error', () =>
  inFolder(async (folder) => {
    const site = playbook('site', [greeting.task('Break', () => fail({ msg: 'it broke' }))])
    const message = await broken(provePlaybook(site, { vars: { folder }, playbookDir: folder }))
    assert.match(message, /^"Break" of "Greeter" on localhost: failed in check mode: it broke/)
  }))

test.run()
