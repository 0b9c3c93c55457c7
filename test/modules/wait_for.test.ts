import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../lib/host/host.ts'
import { Unreadable } from '../../lib/host/unreadable.ts'
import { wait_for } from '../../modules/wait_for.ts'
import { runCall, withHost } from '../../lib/testing/index.ts'

const here = <T>(use: (host: Host) => Promise<T>): Promise<T> => withHost(use)
const folder = mkdtempSync(join(tmpdir(), 'wait-'))
const server = createServer((socket) => {
  socket.on('error', () => socket.destroy())
  socket.write('220 ready at v1.7\r\n')
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const { port } = server.address() as AddressInfo

async function failure(work: Promise<unknown>): Promise<unknown> {
  try {
    await work
  } catch (error) {
    return error
  }
  return assert.unreachable('it should have failed')
}

test('an open port, and what it says', () =>
  here(async (host) => {
    assert.is((await runCall(host, wait_for({ port, timeout: 5 }))).changed, false)
    const { result } = await runCall(host, wait_for({ port, search_regex: 'v(?<major>\\d+)\\.(\\d+)', timeout: 5 }))
    assert.equal('match_groups' in result && [result.match_groups, result.match_groupdict], [
      ['1', '7'],
      { major: '1' },
    ])
  }))

test('a port that says something else, or nothing, is given up with a message and the kind the engine predicts by', () =>
  here(async (host) => {
    const error = await failure(runCall(host, wait_for({ port, search_regex: 'nothing like it', timeout: 1 })))
    assert.ok(error instanceof Unreadable)
    assert.is(error.what, 'service')
    const custom = await failure(runCall(host, wait_for({ port: 1, timeout: 1, msg: 'the database is not up' })))
    assert.match(String(custom), 'the database is not up')
  }))

test('a closed port, and one without connections', () =>
  here(async (host) => {
    await runCall(host, wait_for({ port: 1, state: 'stopped', timeout: 2 }))
    await runCall(host, wait_for({ port: 1, state: 'drained', timeout: 2 }))
  }))

test('a path that comes, a path that goes, and words in a file', () =>
  here(async (host) => {
    const path = join(folder, 'flag')
    setTimeout(() => writeFileSync(path, 'starting\n'), 300)
    setTimeout(() => writeFileSync(path, 'starting\nlistening on 5432\n'), 900)
    setTimeout(() => rmSync(path), 1800)
    await runCall(host, wait_for({ path, sleep: 0.1, timeout: 5 }))
    const { result } = await runCall(
      host,
      wait_for({ path, search_regex: '^listening on (\\d+)$', sleep: 0.1, timeout: 5 }),
    )
    assert.equal('match_groups' in result && result.match_groups, ['5432'])
    await runCall(host, wait_for({ path, state: 'absent', sleep: 0.1, timeout: 5 }))
  }))

test('with nothing to wait for it is a pause', () =>
  here(async (host) => {
    const started = Date.now()
    await runCall(host, wait_for({ timeout: 1 }))
    assert.ok(Date.now() - started >= 950)
  }))

const refused = [
  [{ port: 1, path: '/x' }, 'not both'],
  [{ state: 'drained' }, 'about a "port"'],
  [{ path: '/x', state: 'stopped' }, 'cannot be "stopped"'],
  [{ port: 1, search_regex: '(' }, 'no regular expression'],
  [{ port: 99999 }, '65535'],
] as const
for (const [params, words] of refused)
  test(`refused before a host is touched: ${JSON.stringify(params)}`, async () =>
    assert.match(String(await failure(runCall(undefined as unknown as Host, wait_for(params)))), words))

test.after(() => {
  server.close()
  rmSync(folder, { recursive: true })
})
test.run()
