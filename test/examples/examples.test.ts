// needs: sudo cron postgresql
/** The examples, as a reader starts them: on this machine instead of their hosts. Check mode changes nothing; the database gets a server of its own. */
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { withServer } from '../support/postgres-server.ts'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const names = readdirSync(`${root}/examples`, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name)

/** Starts an example with its own inventory; it must succeed. */
async function start(name: string, ...args: readonly string[]): Promise<string> {
  const folder = `examples/${name}`
  const command = ['bin/hostwright.js', 'run', `${folder}/playbook.ts`, '-i', `${folder}/hosts.ini`, ...args]
  const { status, text } = await run(root, process.execPath, command)
  assert.is(status, 0, text)
  return text
}

const here = ['-e', 'ansible_connection=local']

test('there are four', () => assert.equal(names.sort(), ['accounts', 'cron', 'database', 'web-server']))

for (const name of names)
  test(`${name}: parameters, variables, templates and hosts are right`, async () => {
    assert.match(await start(name, '--syntax-check'), `playbook: examples/${name}/playbook.ts`)
  })

for (const [name, hosts] of [
  ['web-server', ['web1', 'web2']],
  ['accounts', ['db1']],
  ['cron', ['app1']],
] as const)
  test(`${name}: check mode predicts every task`, async () => {
    const text = await start(name, '--check', '--diff', ...here)
    for (const host of hosts) assert.match(text, new RegExp(`^${host} +: ok=\\d+ +changed=[1-9].*failed=0`, 'm'))
  })

test('database: check mode runs to the end, the first run changes every task, the second none', () =>
  withServer(async ({ socket, client }) => {
    const given = [...here, '-e', `pg_socket=${socket}`]
    const recap = (text: string) => /^db1 +: ok=(\d+) +changed=(\d+)/m.exec(text)?.slice(1)
    assert.is(recap(await start('database', '--check', ...given))?.[0], '5')
    assert.equal(recap(await start('database', ...given)), ['5', '5'])
    assert.equal(recap(await start('database', ...given)), ['5', '0'])
    assert.equal((await client.query("SELECT 1 FROM pg_database WHERE datname = 'app'")).rowCount, 1)
  }))

test.run()
