// slow: it starts the command line twenty times
// slow: starts the command line many times
/** What a package.json brings to the command line: connections, reporters and inventory sources, from files and from packages. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../../../support/run.ts'

const root = fileURLToPath(new URL('../../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-project-'))
const library = `'${root}lib/index.ts'`
const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}
const settings = (hostwright: object) => write('package.json', JSON.stringify({ type: 'module', hostwright }))
const cli = (...args: readonly string[]) =>
  run(folder, 'node', ['--import', 'tsx', join(root, 'bin/hostwright.js'), ...args])
const play = (...args: readonly string[]) => cli('run', 'playbooks/site.ts', ...args)

mkdirSync(join(folder, 'node_modules'))
symlinkSync(join(root, 'node_modules/tsx'), join(folder, 'node_modules/tsx'))
write('hosts.ini', '[web]\nweb1 ansible_connection=box zone=a\n')
write(
  'playbooks/site.ts',
  `import { main, play, playbook } from ${library}
import { command } from '${root}modules/index.ts'
const site = playbook('site', [play('All', { hosts: 'all' })
  .task('Say', () => command({ argv: ['sh', '-c', 'echo "in $BOX"'] }), { changed_when: () => false })])
export default site
await main(import.meta, site)
`,
)
write(
  'plugins/box.ts',
  `import { commandTransport, HostwrightError, type ConnectionKind } from ${library}
export default {
  check({ vars }) {
    if (vars['zone'] !== 'a') throw new HostwrightError('there is no zone ' + String(vars['zone']), { kind: 'input', next: 'set zone=a' })
  },
  open: ({ host }) => commandTransport(host, ['env', 'BOX=' + host, 'sh']),
} satisfies ConnectionKind
`,
)
write(
  'plugins/cloud.ts',
  `import type { InventorySource } from ${library}
export default {
  name: 'cloud',
  load: () => ({ web: { hosts: { cloud1: { ansible_connection: 'box', zone: 'a' } } } }),
} satisfies InventorySource
`,
)
write('node_modules/shout/package.json', '{ "name": "shout", "type": "module", "exports": "./shout.js" }')
write(
  'node_modules/shout/shout.js',
  `export default ({ write, verbosity }) => (event) => {
  if (event.type === 'result') write('LOUD ' + event.host + ' ' + event.result.stdout + ' ' + verbosity + '\\n')
}
`,
)

const brought = {
  inventory: 'hosts.ini',
  connections: { box: './plugins/box.ts' },
  inventory_sources: { cloud: './plugins/cloud.ts' },
  reports: { loud: 'shout' },
}

test('ansible_connection takes a connection that package.json names', async () => {
  settings(brought)
  const { status, text } = await play('-v')
  assert.match(text, '"stdout": "in web1"')
  assert.is(status, 0)
})

test('a playbook that is started as a program has it, too', async () => {
  settings(brought)
  const { status, text } = await run(folder, 'node', ['--import', 'tsx', 'playbooks/site.ts', '-v'])
  assert.match(text, '"stdout": "in web1"')
  assert.is(status, 0)
})

test('its check tells what is wrong before a host is touched: status 1', async () => {
  settings(brought)
  const { status, text } = await play('-e', 'zone=b')
  assert.is(status, 1)
  assert.match(text, 'there is no zone b')
  assert.match(text, 'next: set zone=a')
})

test('-i takes a source by its name or its file, and the default inventory may be one', async () => {
  for (const args of [
    ['-i', 'cloud'],
    ['-i', 'plugins/cloud.ts'],
  ]) {
    settings(brought)
    const { text } = await cli('inventory', '--graph', ...args)
    assert.is(text, '@all:\n  |--@ungrouped:\n  |--@web:\n  |  |--cloud1\n')
  }
  settings({ ...brought, inventory: ['hosts.ini', 'cloud'] })
  const { text } = await cli('inventory', '--graph')
  assert.match(text, '|  |--web1\n  |  |--cloud1\n')
})

test('--output takes a reporter by its name, its package or its file', async () => {
  settings(brought)
  for (const name of ['loud', 'shout', './node_modules/shout/shout.js']) {
    const { status, stdout } = await play('--output', name, '-vv')
    assert.equal([status, stdout], [0, 'LOUD web1 in web1 2\n'])
  }
  const { stdout } = await play('--output', 'text', '--output', 'loud')
  assert.match(stdout, 'PLAY RECAP')
  assert.match(stdout, 'LOUD web1')
})

const wrong: readonly (readonly [string, object, readonly string[], number, RegExp])[] = [
  [
    'a form that is none',
    brought,
    ['--output', 'lod'],
    5,
    /--output takes text, json, junit, loud, .*not "lod" — did you mean "loud"/,
  ],
  [
    'a file that is not there',
    { ...brought, connections: { box: './bx.ts' } },
    [],
    1,
    /\.\/bx\.ts does not exist\n.*package\.json/,
  ],
  ['a package that is not installed', { ...brought, connections: { box: 'bx' } }, [], 1, /there is no package bx/],
  [
    'a file that exports something else',
    { ...brought, connections: { box: './plugins/cloud.ts' } },
    [],
    1,
    /exports no connection/,
  ],
  [
    'a key of another shape',
    { ...brought, connections: ['./plugins/box.ts'] },
    [],
    1,
    /"connections" is no mapping of names/,
  ],
  [
    'a connection that nobody names',
    { inventory: 'hosts.ini' },
    [],
    1,
    /ansible_connection is "box", which is not one of/,
  ],
]
for (const [name, hostwright, args, status, message] of wrong)
  test(`told with its place and what to do: ${name}`, async () => {
    settings(hostwright)
    const ended = await play(...args)
    assert.match(ended.text, message)
    assert.is(ended.status, status)
  })

test('what is not needed is not loaded', async () => {
  settings({ ...brought, connections: { box: './no/such.ts' }, reports: { loud: './no/such.ts' } })
  const { status } = await play('--list-tasks')
  assert.is(status, 0)
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
