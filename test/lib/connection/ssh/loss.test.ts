// needs: openssh-server openssh-client sudo
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings, type Connection } from '../../../../lib/connection/index.ts'
import { raw, sh } from '../../../../lib/quote.ts'
import { cable } from '../cable.ts'
import { rejected } from '../outcome.ts'
import { startSshd, type Sshd } from '../sshd.ts'
import { temporaryUser } from '../user.ts'

let sshd: Sshd
test.before(async () => {
  sshd = await startSshd()
})
test.after(() => sshd.stop())

const path = (name: string) => join(sshd.folder, name)
const common = () => String(sshd.vars['ansible_ssh_common_args'])
const until = async (is: () => boolean) => {
  for (let i = 0; i < 1200 && !is(); i += 1) await sleep(25)
  return is()
}

async function using(vars: Record<string, unknown>, use: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await connect(connectionSettings('db1', { ...sshd.vars, ...vars }))
  try {
    await use(connection)
  } finally {
    await connection.close()
  }
}

test('a port that accepts and never answers is unreachable after the connect timeout', async () => {
  const sockets: Socket[] = []
  const server = createServer((socket) => void sockets.push(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  for (const vars of [
    { ansible_timeout: 1 },
    { ansible_timeout: undefined, ansible_ssh_common_args: `${common()} -o ConnectTimeout=1` },
  ]) {
    const error = await rejected(connect(connectionSettings('db1', { ...sshd.vars, ansible_port: port, ...vars })))
    assert.is(error.kind, 'unreachable')
    assert.match(error.message, /no answer within 1 seconds/)
  }
  for (const socket of sockets) socket.destroy()
  server.close()
})

test('a connection that breaks rejects everything that waits, as unreachable and with the reason', async () => {
  const line = await cable(sshd)
  await using(line.vars, async (connection) => {
    const shell = await connection.shell()
    const proof = path('broken')
    const waiting = [
      shell.request(sh`echo started >${proof}; sleep 30`),
      shell.request(raw('echo behind')),
      connection.exec(raw('sleep 30')),
    ]
    const all = Promise.all(waiting.map(rejected))
    await until(() => existsSync(proof))
    await line.cut()
    for (const error of await all) {
      assert.is(error.kind, 'unreachable')
      assert.is(error.host, 'db1')
      assert.match(error.message, /connection was lost/)
    }
    assert.match((await rejected(shell.request(raw('true')))).message, /connection was lost/)
    assert.match((await rejected(connection.shell({ method: 'sudo', user: 'nobody' }))).message, /connection was lost/)
  })
})

test('a host that falls silent is noticed', async () => {
  const line = await cable(sshd)
  const vars = {
    ...line.vars,
    ansible_ssh_common_args: `${line.vars.ansible_ssh_common_args} -o ServerAliveInterval=1 -o ServerAliveCountMax=1`,
  }
  await using(vars, async (connection) => {
    const shell = await connection.shell()
    line.silence()
    const error = await rejected(shell.request(raw('true')))
    assert.is(error.kind, 'unreachable')
    assert.match(error.message, /silent/)
  })
  await line.cut()
})

test('more programs at once than sshd takes sessions all run', () =>
  using({ ansible_timeout: 60 }, async (connection) => {
    const users = ['daemon', 'bin', 'sys', 'man', 'lp', 'mail', 'news', 'uucp', 'proxy', 'nobody']
    const shells = users.map(async (user) => {
      const shell = await connection.shell({ method: 'sudo', user })
      return (await shell.request(raw('id -un'))).stdout.toString().trim()
    })
    const programs = users.map(async (user) => (await connection.exec(sh`echo ${user}`)).stdout.toString().trim())
    assert.equal(await Promise.all([...shells, ...programs]), [...users, ...users])
    const again = await connection.shell({ method: 'sudo', user: 'daemon' })
    assert.is((await again.request(raw('id -un'))).stdout.toString(), 'daemon\n', 'a shell that made room comes back')
  }))

test('a command that is cut off has ended on the host too', () =>
  using({}, async (connection) => {
    for (const become of [undefined, { method: 'sudo', user: 'nobody' } as const]) {
      const cut = new AbortController()
      let pid = ''
      const running = connection.exec(raw('echo $$; exec sleep 64'), {
        signal: cut.signal,
        onOutput: (chunk) => {
          pid = chunk.toString().trim()
          cut.abort()
        },
        ...(become === undefined ? {} : { become }),
      })
      assert.match((await rejected(running)).message, /cut off/)
      assert.ok(await until(() => !existsSync(`/proc/${pid}`)))
    }
  }))

for (const login of ['root', 'somebody with sudo'])
  test(`${login}: what runs finishes when the controller is killed, what waits is not begun, and nothing is left`, async () => {
    const user = login === 'root' ? undefined : temporaryUser('kill', 'ALL=(ALL) NOPASSWD: ALL')
    const vars = { ...sshd.vars, ansible_user: user?.name ?? 'root' }
    try {
      const before = new Set(readdirSync('/dev/shm'))
      const [begun, done, never] = ['begun', 'done', 'never'].map((name) => path(`${name}-${login.split(' ')[0]}`)) as [
        string,
        string,
        string,
      ]
      const program = fileURLToPath(new URL('../controller.ts', import.meta.url))
      const script = `echo "$_hd" >${begun}; sleep 1; echo out; echo done >${done}`
      const controller = spawn(
        process.execPath,
        [...process.execArgv, program, JSON.stringify(vars), script, `touch ${never}`],
        { stdio: ['ignore', 'inherit', 'inherit'] },
      )
      assert.ok(await until(() => existsSync(begun)), 'the script has begun')
      controller.kill('SIGKILL')
      await once(controller, 'exit')
      assert.not(existsSync(done))
      assert.ok(await until(() => existsSync(done)), 'the script has finished')
      const temporary = readFileSync(begun, 'utf8').trim()
      assert.ok(!before.has(temporary) && (await until(() => !existsSync(temporary))), 'the loop has cleaned up')
      assert.not(existsSync(never))
    } finally {
      user?.remove()
    }
  })

test.run()
