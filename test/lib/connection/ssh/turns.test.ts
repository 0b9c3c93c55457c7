// needs: openssh-server openssh-client
import { appendFileSync, readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { raw } from '../../../../lib/quote.ts'
import { rejected } from '../outcome.ts'
import { keygen, startSshd, type Sshd } from '../sshd.ts'
import { turnTaking } from '../turns.ts'

let sshd: Sshd
test.before(async () => {
  sshd = await startSshd()
})
test.after(() => sshd.stop())

const path = (name: string) => join(sshd.folder, name)
const through = (port: number) => ({
  ...sshd.vars,
  ansible_port: port,
  ansible_ssh_common_args: `${String(sshd.vars['ansible_ssh_common_args'])} -o HostKeyAlias=[127.0.0.1]:${sshd.port}`,
})

/** The turns from the first byte to the first answer, and then to the end of a command of its own. */
async function turnsOf(vars: Record<string, unknown>): Promise<readonly [first: number, command: number]> {
  const line = await turnTaking(sshd.port)
  const connection = await connect(connectionSettings('db1', { ...through(line.port), ...vars }))
  try {
    const shell = await connection.shell()
    assert.is((await shell.request(raw('id -un'))).stdout.toString(), 'root\n')
    const first = line.turns()
    assert.is((await connection.exec(raw('id -un'))).stdout.toString(), 'root\n')
    return [first, line.turns() - first]
  } finally {
    await connection.close()
    await line.stop()
  }
}

// Names; keys; new keys, signature and channel; the shell; the request.
for (const type of ['ed25519', 'rsa', 'ecdsa'])
  test(`${type}: a login takes the turns that ssh cannot do without`, async () => {
    const key = path(`turns_${type}`)
    keygen(key, type)
    appendFileSync(path('authorized_keys'), readFileSync(`${key}.pub`))
    assert.equal(await turnsOf({ ansible_ssh_private_key_file: key }), [5, 2])
  })

test('with several keys each is tried with a signature at once, and the channel is asked for behind the login', async () => {
  keygen(path('stranger'), 'ed25519')
  const args = `${through(0).ansible_ssh_common_args} -o IdentityFile=${sshd.key}`
  const [first] = await turnsOf({ ansible_ssh_private_key_file: path('stranger'), ansible_ssh_common_args: args })
  assert.is(first, 7)
})

test('a server that closes the connection instead of refusing the only key is understood', async () => {
  const server = new ssh2.Server({ hostKeys: [readFileSync(path('host_ed25519'))] }, (client) => {
    client.on('authentication', () => client.end()).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const error = await rejected(connect(connectionSettings('db1', through(port))))
  assert.is(error.kind, 'unreachable')
  assert.match(error.message, /cannot log in as root@127\.0\.0\.1:\d+: refused: .*\/id$/)
  server.close()
})

test('a server that closes the connection before the login says so', async () => {
  const server = new ssh2.Server({ hostKeys: [readFileSync(path('host_ed25519'))] }, (client) => {
    client.on('handshake', () => client.end()).on('error', () => {})
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const error = await rejected(connect(connectionSettings('db1', { ...through(port), ansible_password: 'x' })))
  assert.is(error.kind, 'unreachable')
  assert.match(error.message, /closed the connection/)
  server.close()
})

test.run()
