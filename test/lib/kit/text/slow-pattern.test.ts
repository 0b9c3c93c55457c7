import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

// Whoever may write a file that a regular expression is matched against could stop the run of all hosts.
const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-pattern-'))
const hostile = `${'a'.repeat(40)}b\n`
writeFileSync(join(folder, 'bad'), hostile)
writeFileSync(join(folder, 'good'), 'a\n')
writeFileSync(join(folder, 'hosts.yml'), `all: { vars: { ansible_connection: local }, hosts: { bad: {}, good: {} } }`)
writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
writeFileSync(
  join(folder, 'site.ts'),
  `import { play, playbook } from '${root}lib/index.ts'
import { blockinfile, debug, lineinfile, replace, wait_for } from '${root}modules/index.ts'
const regexp = '^(a+)+$'
const one = play('One', { hosts: 'all' })
  .task('lineinfile', ({ host }) => lineinfile({ path: \`${folder}/\${host}\`, regexp, line: 'a' }), { ignore_errors: true })
  .task('absent', ({ host }) => lineinfile({ path: \`${folder}/\${host}\`, regexp, state: 'absent' }), { ignore_errors: true })
  .task('insertafter', ({ host }) => lineinfile({ path: \`${folder}/\${host}\`, insertafter: regexp, line: 'a' }), { ignore_errors: true })
  .task('replace', ({ host }) => replace({ path: \`${folder}/\${host}\`, regexp, replace: 'a' }), { ignore_errors: true })
  .task('blockinfile', ({ host }) => blockinfile({ path: \`${folder}/\${host}\`, insertbefore: regexp, block: 'x' }), { ignore_errors: true })
  .task('wait_for', ({ host }) => wait_for({ path: \`${folder}/\${host}\`, search_regex: regexp }), { ignore_errors: true })
  .task('Fail', ({ host }) => lineinfile({ path: \`${folder}/\${host}\`, regexp, line: 'a' }))
  .task('Go on', () => debug({ msg: 'here' }))
export default playbook('site', [one])
`,
)

interface Told {
  readonly type: string
  readonly host?: string
  readonly task?: string
  readonly status?: string
  readonly error?: { readonly message: string; readonly host?: string }
}

/** Runs the playbook; once a task has begun, and the watch of its expression with it, a signal may be sent. */
function run(seconds: number, args: readonly string[], signal?: NodeJS.Signals) {
  return new Promise<{ readonly code: number | null; readonly out: string; readonly err: string }>((resolve) => {
    const argv = ['bin/hostwright-playbook.js', '-i', join(folder, 'hosts.yml'), join(folder, 'site.ts'), ...args]
    const env = { PATH: process.env['PATH'], HOME: folder, HOSTWRIGHT_REGEXP_SECONDS: String(seconds) }
    const child = spawn(process.execPath, argv, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let [out, err] = ['', '']
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      if (signal !== undefined && out === '') setTimeout(() => child.kill(signal), 2000)
      out += text
    })
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

test('an expression that would never end fails its host with a message, and the other host goes on', async () => {
  const { code, out, err } = await run(1, ['--output', 'json'])
  assert.is(err, '')
  const told = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told)
    .filter(({ type }) => type === 'result')
  const of = (host: string) => told.filter((one) => one.host === host)
  const trouble = new Map(of('bad').map(({ task, error }) => [task, error?.message ?? '']))
  for (const task of ['lineinfile', 'absent', 'insertafter', 'replace', 'blockinfile', 'wait_for', 'Fail'])
    assert.match(trouble.get(task) ?? '', `the regular expression "^(a+)+$" tries too many ways to match`, task)
  for (const message of trouble.values()) if (message !== '') assert.match(message, `of ${folder}/bad`)
  assert.is(of('bad').at(-1)?.task, 'Fail')
  assert.is(of('good').at(-1)?.task, 'Go on')
  assert.not(of('good').some(({ status }) => status === 'failed'))
  assert.is(readFileSync(join(folder, 'bad'), 'utf8'), hostile)
  assert.is(code, 2)
})

test('Ctrl-C is served while an expression is searched', async () => {
  // Nothing but the signal ends it before the test is given up.
  const { code, err } = await run(100, [], 'SIGINT')
  assert.match(err, 'interrupted')
  assert.is(code, 99)
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
