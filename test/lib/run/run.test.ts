/** Running a playbook from a program: what it may be told, what it is told back, and what is refused before anything is touched. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  createInventory,
  defineModule,
  type Event,
  HostwrightError,
  InputErrors,
  play,
  playbook,
  type PlaybookData,
  run as runPlaybook,
  type RunOptions,
  schema,
  secret,
  Secret,
  Type,
} from '../../../lib/index.ts'
import { command, debug, file } from '../../../modules/index.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-program-'))
const local = { ansible_connection: 'local' }
const inventory = { web: { hosts: { web1: local, web2: local }, vars: { port: 80 } }, db: { hosts: { db1: local } } }

const run = (site: PlaybookData, options: RunOptions = {}) =>
  runPlaybook(site, { inventory, playbookDir: folder, keepLogins: false, ...options })

const two = playbook('two', [
  play('Web', { hosts: 'web', vars: schema({ port: Type.Integer() }) })
    .task('Say', ({ host, vars }) => debug({ msg: `${host}:${vars.port}` }), { tags: 'say' })
    .task('Mark', ({ host }) => file({ path: join(folder, host), state: 'touch' }), { tags: 'mark' }),
  play('Database', { hosts: 'db' }).task('Ask', () => command({ argv: ['echo', '17.5'] }), {
    changed_when: () => false,
  }),
])

const brittle = playbook('brittle', [
  play('All', { hosts: 'all' })
    .task('Ignored', () => command({ argv: ['false'] }), { ignore_errors: true })
    .task('Fails', ({ host }) => command({ argv: [host === 'web2' ? 'false' : 'true'] }), {
      changed_when: () => false,
    }),
])

test('two plays: the outcome has the numbers, and each result by host and task', async () => {
  const outcome = await run(two, { skipTags: 'mark' })
  assert.ok(outcome.ok && !outcome.changed && !outcome.failed && !outcome.unreachable && !outcome.interrupted)
  assert.equal(
    outcome.results.map(({ host, task, status }) => `${host} ${task} ${status}`),
    ['web1 Say ok', 'web2 Say ok', 'db1 Ask ok'],
  )
  assert.is(outcome.results.find(({ host, task }) => host === 'db1' && task === 'Ask')?.result['stdout'], '17.5')
  assert.equal([outcome.counts['web1']?.ok, outcome.counts['db1']?.ok], [1, 1])
  assert.equal(outcome.failures, [])
})

test('limit, tags and vars do what the command line’s options do', async () => {
  const { results } = await run(two, { limit: 'web:!web2', tags: ['say', 'other'], vars: { port: 8080 } })
  assert.equal(
    results.map(({ host, task, result }) => [host, task, result['msg']]),
    [['web1', 'Say', 'web1:8080']],
  )
})

test('a part of a limit that fits nothing is told in a warning', async () => {
  const told: string[] = []
  const report = (event: Event) => void (event.type === 'warning' && told.push(event.message))
  await run(two, { limit: 'web1,wbe2', tags: 'say', report })
  assert.equal(told, ['limit: "wbe2" matches no host or group — did you mean "web2"?'])
})

test('check changes nothing and says what would change', async () => {
  const predicted = await run(two, { check: true, tags: 'mark', limit: 'web1' })
  assert.ok(predicted.ok && predicted.changed)
  assert.not(existsSync(join(folder, 'web1')))
  assert.ok((await run(two, { tags: 'mark', limit: 'web1' })).changed)
  assert.ok(existsSync(join(folder, 'web1')))
})

test('a host that fails is an outcome, not an error', async () => {
  const { ok, failed, failures, counts } = await run(brittle)
  assert.equal([ok, failed], [false, true])
  assert.equal(
    failures.map(({ host, task, error }) => [host, task, typeof error?.message]),
    [['web2', 'Fails', 'string']],
  )
  assert.equal([counts['web2']?.failed, counts['web1']?.ignored], [1, 1])
})

test('a host that cannot be reached is one, too', async () => {
  const gone = { all: { hosts: { gone: { ansible_connection: 'command', ansible_shell_command: '/no/such/shell' } } } }
  const { ok, unreachable, failures } = await run(brittle, { inventory: gone })
  assert.equal([ok, unreachable, failures.length, failures[0]?.status], [false, true, 1, 'unreachable'])
})

test('a report is told every event in order, and several are told alike', async () => {
  const [one, other]: [Event[], Event[]] = [[], []]
  await run(two, { limit: 'db1', report: [(event) => one.push(event), (event) => other.push(event)] })
  assert.equal(
    one.map(({ type }) => type).filter((type) => type !== 'progress'),
    ['playbook_start', 'play_start', 'play_start', 'task_start', 'result', 'recap'],
  )
  assert.equal(one, other)
})

test('no secret reaches a report or the outcome', async () => {
  const site = playbook('secret', [
    play('One', { hosts: 'db', vars: schema({ password: secret() }) }).task('Name hunter-two here', ({ vars }) =>
      command({ argv: ['cat'], stdin: vars.password }),
    ),
  ])
  const told: Event[] = []
  const outcome = await run(site, { vars: { password: new Secret('hunter-two') }, report: (event) => told.push(event) })
  assert.ok(outcome.ok)
  assert.not.match(JSON.stringify([told, outcome]), 'hunter-two')
})

test('the results of a large run can be left out', async () => {
  const { results, failures } = await run(brittle, { results: false })
  assert.equal([results.length, failures.length], [0, 1])
})

const waits = defineModule({
  ...{ name: 'waits', summary: 'Waits.', params: {}, examples: [], reads: true },
  plan: () => new Promise<never>(() => {}),
})

test('a signal ends the run, and the outcome says so', async () => {
  const stop = new AbortController()
  const site = playbook('waits', [
    play('One', { hosts: 'db' })
      .task('Waits', () => command({ argv: ['sleep', '60'] }))
      .task('Never', () => debug({})),
  ])
  const { ok, interrupted, results } = await run(site, {
    signal: stop.signal,
    report: (event) => {
      if (event.type === 'task_start') stop.abort()
    },
  })
  assert.equal([ok, interrupted], [false, true])
  assert.not(results.some(({ task }) => task === 'Never'))
})

test('a signal that came before ends it before it begins', async () => {
  const site = playbook('waits', [play('One', { hosts: 'db' }).task('Waits', () => waits({}))])
  const { interrupted, counts } = await run(site, { signal: AbortSignal.abort() })
  assert.equal([interrupted, counts], [true, {}])
})

test('an inventory that was made before is taken as it is', async () => {
  const made = await createInventory({ all: { hosts: { only: local } } })
  assert.equal(Object.keys((await run(brittle, { inventory: made })).counts), ['only'])
})

test('a playbook for this machine needs no inventory', async () => {
  const here = playbook('here', [play('Here', { hosts: 'localhost' }).task('Say', () => debug({ msg: 'hello' }))])
  assert.ok((await runPlaybook(here, { playbookDir: folder })).ok)
})

async function refusal(options: unknown, site: unknown = two): Promise<InputErrors> {
  try {
    await run(site as PlaybookData, { report: ({ type }) => assert.is(type, 'warning'), ...(options as RunOptions) })
  } catch (error) {
    assert.instance(error, InputErrors)
    return error as InputErrors
  }
  return assert.unreachable('it ran') as never
}

const refused: readonly (readonly [string, unknown, RegExp])[] = [
  ['a name that is none', { chek: true }, /there is no option "chek" — did you mean "check"/],
  ['forks that are no number', { forks: 0 }, /forks is not a whole number from 1 on/],
  ['a flag that is text', { become: 'yes' }, /become is not true or false/],
  ['a way to become that is unknown', { becomeMethod: 'runas' }, /becomeMethod is not one of/],
  ['a connection that is none', { connection: 'shh' }, /there is no connection "shh" — did you mean "ssh"/],
  [
    'a connection of one’s own in another’s place',
    { connections: { local: { open() {} } } },
    /connection of hostwright/,
  ],
  ['a connection that cannot be opened', { connections: { mine: {} } }, /"mine" cannot be opened/],
  ['a limit that fits no host', { limit: 'wbe1' }, /--limit wbe1 fits no host of the inventory — did you mean "web1"/],
  ['a task to start at that is none', { startAtTask: 'Sya' }, /there is no task "Sya" — did you mean "Say"/],
  ['no inventory', { inventory: undefined }, /there is no inventory/],
  ['an inventory that is not there', { inventory: '/no/such/file' }, /there is no inventory \/no\/such\/file/],
  ['a variable that is a function', { vars: { port: () => 80 } }, /port is a function/],
  ['a variable of another type', { vars: { port: 'eighty' } }, /port/],
]
for (const [name, options, message] of refused)
  test(`refused before anything is touched: ${name}`, async () => {
    const { errors } = await refusal(options)
    assert.ok(errors.every((error) => error instanceof HostwrightError && error.kind === 'input'))
    assert.match(errors.map((error) => error.message).join('\n'), message)
  })

test('all wrong options are told together', async () => {
  const { errors } = await refusal({ forks: -1, tags: 7, inventry: 'x' }, { plays: [] })
  assert.is(errors.length, 4)
})

test('an error that a report throws ends the run', async () => {
  writeFileSync(join(folder, 'unused'), '')
  const failing = run(two, {
    limit: 'db1',
    report: ({ type }) => {
      if (type === 'result') throw new Error('the disk is full')
    },
  })
  assert.match(((await failing.catch((error: unknown) => error)) as Error).message, 'the disk is full')
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
