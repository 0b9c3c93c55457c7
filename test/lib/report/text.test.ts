import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event } from '../../../lib/events/event.ts'
import { rememberSecret } from '../../../lib/secret.ts'
import { result, start, task, tell } from './script.ts'

const none = { ok: 0, changed: 0, unreachable: 0, failed: 0, skipped: 0, rescued: 0, ignored: 0 }

test('a run reads as it does with Ansible', () => {
  const events: Event[] = [
    start,
    { type: 'play_start', play: 'Primary', hosts: ['db1', 'db2'] },
    task,
    result({ status: 'changed' }),
    result({ host: 'db2', status: 'skipped' }),
    { type: 'task_start', play: 'Primary', task: 'restart', kind: 'handler' },
    result({ kind: 'handler', task: 'restart', delegated_to: 'gate' }),
    { type: 'play_start', play: 'Nobody', hosts: [] },
    {
      type: 'recap',
      hosts: { db2: { ...none, skipped: 1 }, db1: { ...none, ok: 2, changed: 1 } },
      seconds: 1,
      requests: { db1: 3 },
      round_trips: { db1: 2 },
    },
  ]
  const { out, err } = tell(events)
  assert.is(err, '')
  assert.is(
    out,
    `
PLAY [Primary] ${'*'.repeat(65)}

TASK [Install] ${'*'.repeat(65)}
changed: [db1]
skipping: [db2]

RUNNING HANDLER [restart] ${'*'.repeat(54)}
ok: [db1 -> gate]

PLAY [Nobody] ${'*'.repeat(66)}
skipping: no hosts matched

PLAY RECAP ${'*'.repeat(69)}
db1                        : ok=2    changed=1    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0   
db2                        : ok=0    changed=0    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0   

`,
  )
})

test('what many hosts have in common is said once, after the first twenty; who changed or failed is told by name', () => {
  const hosts = Array.from({ length: 50 }, (_, i) => `web${i}`)
  const { out } = tell([
    task,
    ...hosts.map((host, i) => result({ host, status: i === 30 ? 'changed' : i > 44 ? 'skipped' : 'ok' })),
    task,
    ...hosts.slice(0, 21).map((host) => result({ host })),
    { type: 'recap', hosts: {}, seconds: 1, requests: {}, round_trips: {} },
  ])
  const [, first = '', second = ''] = out.split('TASK [Install]')
  assert.is(first.match(/^ok: \[web\d+\]$/gm)?.length, 20)
  assert.match(first, /^changed: \[web30\]$/m)
  assert.match(first, /^ok: \[web20 … web44\] \(24 more hosts\)$/m)
  assert.match(first, /^skipping: \[web45 … web49\] \(5 more hosts\)$/m)
  assert.match(second, /^ok: \[web20\] \(1 more host\)$/m)
  const { out: all } = tell([task, ...hosts.map((host) => result({ host }))], { verbosity: 1 })
  assert.is(all.match(/^ok: /gm)?.length, 50)
})

test('a loop is told item by item, and its whole only where it says something new', () => {
  const item = (index: number, label: string) => ({ item: { index, count: 2, label } })
  const { out } = tell([
    task,
    result({ ...item(0, 'x'), status: 'changed' }),
    result({ ...item(1, 'y'), status: 'failed', error: { message: 'no such package', data: { rc: 100 } } }),
    result({ status: 'failed', forgiven: 'ignored', error: { message: 'no such package', data: { rc: 100 } } }),
    result({ host: 'db2', ...item(0, 'x') }),
    result({ host: 'db2' }),
  ])
  assert.is(
    out.split('\n').slice(2).join('\n'),
    `changed: [db1] => (item=x)
failed: [db1] (item=y) => no such package
    rc: 100
...ignoring
ok: [db2] => (item=x)
`,
  )
})

test('a failure says what, where, why and what next', () => {
  const { out } = tell([
    result({
      status: 'failed',
      place: { file: '/home/me/site/playbooks/db.ts', line: 12, column: 4 },
      error: {
        message: 'the command ended with status 3',
        data: { rc: 3, stderr: 'E: locked\nE: by dpkg\n', stderr_lines: ['E: locked'], stdout: '' },
        next: 'wait for the other apt',
      },
    }),
  ])
  assert.is(
    out,
    `fatal: [db1]: FAILED! => the command ended with status 3
    playbooks/db.ts:12
    rc: 3
    stderr:
        E: locked
        E: by dpkg
    next: wait for the other apt
`,
  )
})

test('a failure without an error of its own shows the result', () => {
  const { out } = tell([result({ status: 'failed', result: { rc: 1, stdout: 'x', msg: 'failed_when held' } })])
  assert.is(out, 'fatal: [db1]: FAILED! => failed_when held\n    rc: 1\n    stdout: x\n')
})

test('long output is cut to its end, and -v shows it whole', () => {
  const stderr = Array.from({ length: 50 }, (_, i) => `line ${i + 1}`).join('\n')
  const failure = result({ status: 'failed', error: { message: 'broken', data: { stderr } } })
  const short = tell([failure]).out
  assert.match(short, 'stderr (the last 30 lines; -v shows the 20 before them):\n        line 21\n')
  assert.not.match(short, 'line 20\n')
  assert.match(tell([failure], { verbosity: 1 }).out, 'line 1\n')
  const wide = result({ status: 'failed', error: { message: 'broken', data: { cmd: 'x'.repeat(5000) } } })
  assert.match(tell([wide]).out, /cmd: x{2000}… \(-v shows 3000 characters more\)\n/)
  assert.match(tell([wide], { verbosity: 1 }).out, /cmd: x{5000}\n/)
})

test('an unreachable host, a retry, and handlers still owed', () => {
  const { out, err } = tell([
    result({ status: 'unreachable', error: { message: 'connection refused', data: {}, next: 'is it up?' } }),
    { type: 'retry', task: 'Install', host: 'db2', attempt: 1, left: 2, message: 'rc 1' },
    { type: 'handlers_pending', host: 'db2', handlers: ['restart'] },
    { type: 'warning', message: 'deprecated', place: { file: '/home/me/site/hosts.ini', line: 3 } },
  ])
  assert.is(
    out,
    'fatal: [db1]: UNREACHABLE! => connection refused\n    next: is it up?\nFAILED - RETRYING: [db2]: Install (2 retries left).\n',
  )
  assert.is(
    err,
    '[WARNING]: [db2] handlers that did not run: restart; the next run runs them\n[WARNING]: hosts.ini:3: deprecated\n',
  )
})

test('debug shows data as Ansible does, and a report as a block of text', () => {
  const debug = (given: object) => tell([result({ module: 'debug', result: { changed: false, ...given } })]).out
  assert.is(debug({ msg: 'hello' }), 'ok: [db1] => {\n    "msg": "hello"\n}\n')
  assert.is(
    debug({ num: { a: [1, 2] } }),
    'ok: [db1] => {\n    "num": {\n        "a": [\n            1,\n            2\n        ]\n    }\n}\n',
  )
  assert.is(debug({ msg: 'Primary: db1\n\n  lag 0\n' }), 'ok: [db1] =>\n    Primary: db1\n\n      lag 0\n')
})

test('-v shows results as JSON in Ansible’s spelling, a prediction its doubt', () => {
  const event = result({ status: 'changed', result: { rc: 0, cmd: ['a', 'b'] }, note: 'as far as is known' })
  assert.is(
    tell([event], { verbosity: 1 }).out,
    'changed: [db1] (as far as is known) => {"changed": true, "cmd": ["a", "b"], "rc": 0}\n',
  )
  assert.is(tell([event]).out, 'changed: [db1] (as far as is known)\n')
})

test('a diff stands before its line, only where diffs are asked for', () => {
  const event = result({ status: 'changed', diff: [{ of: '/etc/x', before: 'a\n', after: 'b\n' }] })
  const shown = '--- before: /etc/x\n+++ after: /etc/x\n@@ -1 +1 @@\n-a\n+b\n\nchanged: [db1]\n'
  assert.is(tell([start, event]).out, shown)
  assert.is(tell([{ ...start, diff: false } as Event, event]).out, 'changed: [db1]\n')
})

test('no_log shows nothing of the result, not even with -v', () => {
  const censored = result({
    status: 'failed',
    censored: true,
    result: { stdout: 'pw' },
    error: { message: 'pw', data: { pw: 1 } },
  })
  const { out } = tell([censored], { verbosity: 3 })
  assert.not.match(out, 'pw')
  assert.match(out, 'no_log')
})

test('known secrets never show, and hosts cannot steer the terminal', () => {
  rememberSecret('hunter2-hunter2')
  const event = result({
    status: 'failed',
    error: { message: 'bad hunter2-hunter2', data: { stderr: '\x1b[2Jwiped\x07' } },
  })
  assert.is(tell([event]).out, 'fatal: [db1]: FAILED! => bad ********\n    stderr: \\x1b[2Jwiped\\x07\n')
})

test('colours only where they are wanted', () => {
  assert.is(tell([result({ status: 'changed' })], { colour: true }).out, '\x1b[33mchanged: [db1]\x1b[0m\n')
})

test('-v ends with what the run cost', () => {
  const recap: Event = { type: 'recap', hosts: {}, seconds: 1.26, requests: { db1: 3 }, round_trips: { db1: 2 } }
  assert.ok(tell([recap], { verbosity: 1 }).out.endsWith('1.3 s, requests/round trips: db1=3/2\n'))
})

test.run()
