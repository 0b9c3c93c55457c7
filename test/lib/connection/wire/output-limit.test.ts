// needs: openssh-server openssh-client
import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings, type Connection } from '../../../../lib/connection/index.ts'
import { raw } from '../../../../lib/quote.ts'
import { rejected } from '../outcome.ts'
import { startSshd, type Sshd } from '../sshd.ts'

let sshd: Sshd
const folder = mkdtempSync(join(tmpdir(), 'hostwright-output-'))
test.before(async () => {
  sshd = await startSshd()
})
test.after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sshd.stop()
})

const ways: Readonly<Record<string, () => Readonly<Record<string, unknown>>>> = {
  local: () => ({ ansible_connection: 'local' }),
  ssh: () => sshd.vars,
}

for (const [name, vars] of Object.entries(ways)) {
  const limited = (what: string, prove: (connection: Connection) => Promise<void>) =>
    test(`${name}: ${what}`, async () => {
      const connection = await connect(connectionSettings('db1', { ...vars(), ansible_output_limit: 1 }))
      try {
        await prove(connection)
      } finally {
        await connection.close()
      }
    })

  limited('an answer beyond the limit fails and says what to raise; the next one comes', async (connection) => {
    const shell = await connection.shell()
    const [error, next] = await Promise.all([
      rejected(shell.request(raw('head -c 1000001 /dev/zero'))),
      shell.request(raw('echo next')),
    ])
    assert.match(error.message, /longer than 1 MB/)
    assert.match(error.next ?? '', /ansible_output_limit/)
    assert.is(error.host, 'db1')
    assert.is(String(next.stdout), 'next\n')
    assert.is((await shell.request(raw('head -c 1000000 /dev/zero'))).stdout.length, 1_000_000)
  })

  limited('a caller may ask for more', async (connection) => {
    const options = { outputLimit: 3_000_000 }
    const shell = await connection.shell()
    assert.is((await shell.request(raw('head -c 2000000 /dev/zero'), options)).stdout.length, 2_000_000)
    assert.is((await connection.exec(raw('head -c 2000000 /dev/zero'), options)).stdout.length, 2_000_000)
  })

  for (const [where, script] of [
    ['one output', 'exec yes'],
    ['one line', 'exec tr "\\0" x </dev/zero'],
    ['both outputs together', 'head -c 600000 /dev/zero; head -c 600000 /dev/zero >&2; exec sleep 60'],
  ] as const)
    limited(`a command that writes without an end is ended: ${where}`, async (connection) => {
      const error = await rejected(connection.exec(raw(script)))
      assert.match(error.message, /longer than 1 MB.*the command was ended/)
      assert.is(error.host, 'db1')
      assert.is(String((await connection.exec(raw('echo next'))).stdout), 'next\n')
    })

  limited('a stream whose other end answers without an end is closed', async (connection) => {
    const stream = await connection.duplex(raw('read -r x; exec yes'))
    stream.write('go\n')
    stream.resume()
    const [error] = (await once(stream, 'error')) as [Error]
    assert.match(error.message, /longer than 1 MB/)
  })
}

test('600 MB of output fail the host with a message, in little memory, and other hosts go on', () => {
  const inventory = join(folder, 'hosts.yml')
  const hosts = { long: sshd.vars, other: { ansible_connection: 'local' } }
  writeFileSync(inventory, JSON.stringify({ all: { hosts } }))
  const program = fileURLToPath(new URL('long-output.ts', import.meta.url))
  const args = [...process.execArgv, program, inventory, 'head -c 600000000 /dev/zero']
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.is(stderr, '')
  const { told, megabytes } = JSON.parse(stdout) as { told: readonly string[]; megabytes: number }
  assert.match(told.find((line) => line.startsWith('long Say it')) ?? '', /longer than 64 MB/)
  assert.ok(told.includes('other Go on: changed'), told.join('\n'))
  assert.not(told.some((line) => line.startsWith('long Go on')))
  assert.ok(megabytes < 300, `${megabytes} MB`)
})

test.run()
