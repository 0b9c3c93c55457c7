/** What a host or an inventory says cannot steer the terminal of whoever reads it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parse } from 'yaml'
import { inventoryCommand } from '../../lib/cli/commands/inventory-command.ts'
import { listingText } from '../../lib/cli/commands/lists.ts'
import type { Event } from '../../lib/events/event.ts'
import { jsonReport } from '../../lib/report/json.ts'
import { junitReport } from '../../lib/report/junit.ts'
import { fakeConsole } from './cli/fake.ts'
import { result, start, tell } from './report/script.ts'

const evil = '\x1bc\x07\x7f\x9b31m\u202e\u2066\u200f\u061c'
const steering = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/

const folder = mkdtempSync(join(tmpdir(), 'hostwright-printable-'))
test.after(() => rmSync(folder, { recursive: true }))
const inventory = join(folder, 'hosts.json')
writeFileSync(
  inventory,
  JSON.stringify({ all: { hosts: { [`db${evil}\n1`]: { note: evil, list: [evil], [`k${evil}`]: 1 } } } }),
)

async function shown(...argv: readonly string[]): Promise<string> {
  const console = fakeConsole()
  assert.is(await inventoryCommand(['-i', inventory, ...argv], console), 0)
  assert.not.match(console.told.out, steering)
  return console.told.out
}

test('inventory --list keeps its data in JSON and in YAML', async () => {
  const json = JSON.parse(await shown('--list')) as { _meta: { hostvars: Record<string, Record<string, unknown>> } }
  assert.equal(json._meta.hostvars[`db${evil}\n1`]?.['list'], [evil])
  const yaml = parse(await shown('--list', '--yaml')) as { all: { hosts: Record<string, Record<string, unknown>> } }
  const hosts = JSON.stringify(yaml)
  assert.match(hosts, JSON.stringify(evil).slice(1, -1))
})

test('inventory --graph shows them, and a name makes no line of its own', async () => {
  const text = await shown('--graph', '--vars')
  assert.match(text, '|--db\\x1bc\\x07\\x7f\\x9b31m\\u202e\\u2066\\u200f\\u061c\\n1\n')
})

test('--list-hosts and --list-tasks show them', () => {
  const hosts = [{ play: evil, pattern: evil, hosts: [evil, `a\nb`] }]
  const tasks = [{ play: evil, hosts: evil, tags: [evil], tasks: [{ name: evil, tags: [evil] }] }]
  const text = listingText({ file: '/x/site.ts', hosts, tasks, show: { tasks: true, tags: true } }, '/x')
  assert.not.match(text, steering)
  assert.match(text, 'a\\nb')
})

const events: readonly Event[] = [
  start,
  { type: 'play_start', play: evil, hosts: [evil] },
  { type: 'progress', host: `${evil}\n`, task: evil, seconds: 20, line: evil },
  result({ play: evil, host: `db1]\nchanged: [db2`, task: evil, result: { stdout: evil }, status: 'changed' }),
  result({ play: evil, host: evil, task: evil, status: 'failed', error: { message: evil, data: { stderr: evil } } }),
  { type: 'recap', hosts: {}, seconds: 1, requests: {}, round_trips: {} },
]

test('the text report shows them, and a host’s name makes no result of another host', () => {
  for (const live of [true, false]) {
    const { out, err } = tell(events, { verbosity: 3, live })
    assert.not.match(out, steering)
    // What draws progress over the terminal is ours.
    assert.not.match(err.replaceAll(/\x1b\[\d*[AJm]|\r/g, ''), steering)
    assert.not.match(out, /^changed: \[db2/m)
  }
})

test('JSON escapes them, and says the same', () => {
  let text = ''
  events.forEach(jsonReport((part) => void (text += part)))
  assert.not.match(text, steering)
  assert.match(JSON.stringify(JSON.parse(text.split('\n')[3] ?? '')), JSON.stringify(evil).slice(1, -1))
})

test('JUnit shows them', () => {
  let text = ''
  events.forEach(junitReport((part) => void (text += part), '/'))
  assert.not.match(text, steering)
  assert.match(text, '\\u202e')
})

test.run()
