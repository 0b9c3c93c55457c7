// slow: hosts that race each other
/** What a plan read is changed by others before its apply: nothing of theirs is lost, and the task plans again. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { ChangedSincePlan } from '../../../lib/host/changed-since.ts'
import { change, defineModule, unchanged } from '../../../lib/play/module.ts'
import { play } from '../../../lib/play/play.ts'
import { Type, withDefault } from '../../../lib/schema/index.ts'
import { run } from '../../support/run.ts'
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

const root = fileURLToPath(new URL('../../../', import.meta.url))
const command = join(root, 'bin/hostwright-playbook.js')

const playbookText = `import { play, playbook, schema, Type } from '${root}lib/index.ts'
import { lineinfile } from '${root}modules/lineinfile.ts'

const vars = schema({ run: Type.String(), path: Type.String() })
const lines = play('Lines', { hosts: 'ten', vars }).task(
  'line',
  ({ host, vars }) => lineinfile({ path: vars.path, line: \`\${vars.run} of \${host}\` }),
  { delegate_to: 'machine' },
)
export default playbook('lines', [lines])
`

/** Runs of the command line, all at the same time, while a shell loop appends to the file that they edit. */
async function whileOneAppends(runs: readonly string[], pause: string, more: readonly string[] = []) {
  const folder = scratch()
  const path = join(folder, 'lines')
  writeFileSync(path, '')
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'lines.ts'), playbookText)
  writeFileSync(join(folder, 'hosts.ini'), tenInventory(folder))
  const loop = `n=0; while [ ! -e ended ]; do n=$((n+1)); echo "appended $n" >>lines; ${pause}; done; echo "$n" >ended`
  const appending = once(spawn('sh', ['-c', loop], { cwd: folder, stdio: 'ignore' }), 'exit')
  const args = (name: string) => ['lines.ts', '-i', 'hosts.ini', '-e', `run=${name} path=${path}`, ...more]
  const ended = await Promise.all(runs.map((name) => run(folder, process.execPath, [command, ...args(name)])))
  writeFileSync(join(folder, 'ended'), '')
  await appending
  const count = Number(readFileSync(join(folder, 'ended'), 'utf8'))
  const there = readFileSync(path, 'utf8').trimEnd().split('\n')
  const appended = there.filter((line) => line.startsWith('appended'))
  assert.ok(
    appended.length === count && new Set(appended).size === count,
    `${count} lines were appended, and ${appended.length} are there`,
  )
  return { ended, written: there.filter((line) => !line.startsWith('appended')).sort() }
}

test('two runs at once, and somebody who appends lines meanwhile: no line is lost', async () => {
  const { ended, written } = await whileOneAppends(['one', 'two'], 'sleep 0.4')
  for (const { status, text } of ended) assert.is(status, 0, text)
  assert.equal(written, [...ten.map((host) => `one of ${host}`), ...ten.map((host) => `two of ${host}`)])
})

test('somebody who appends hundreds of lines a second: no line is lost, and a run that cannot keep up says why', async () => {
  const { ended, written } = await whileOneAppends(['one'], 'sleep 0.002', ['--limit', 'h0'])
  const [{ status, text } = { status: 0, text: '' }] = ended
  if (status !== 0)
    assert.match(text, /lines changed after it was read, .* it kept changing while the task was planned/)
  assert.equal(written, status === 0 ? ['one of h0'] : [])
})

test.run()
