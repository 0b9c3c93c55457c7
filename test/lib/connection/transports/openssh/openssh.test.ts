// needs: openssh-server openssh-client sudo
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings, type Connection } from '../../../../../lib/connection/index.ts'
import type { HostwrightError } from '../../../../../lib/error.ts'
import { raw, sh } from '../../../../../lib/quote.ts'
import { Secret } from '../../../../../lib/secret.ts'
import { cable } from '../../cable.ts'
import { rejected } from '../../outcome.ts'
import { freePort, keygen, knownHostsLine, startSshd, type Sshd } from '../../sshd.ts'
import { temporaryUser, type TemporaryUser } from '../../user.ts'

let sshd: Sshd
let user: TemporaryUser
test.before(async () => {
  sshd = await startSshd('UsePAM yes\nPasswordAuthentication yes\nKbdInteractiveAuthentication no')
  user = temporaryUser('ossh', 'ALL=(ALL) ALL')
})
test.after(async () => {
  await sshd.stop()
  user.remove()
})

const path = (name: string) => join(sshd.folder, name)
const home = (name: string) => join('/tmp', user.name, name)
const common = () => String(sshd.vars['ansible_ssh_common_args'])
/** As a user with a plain shell: what root's reads at each login of a machine may take a second. */
const usual = () => ({ ...sshd.vars, ansible_connection: 'openssh', ansible_user: user.name })
const open = (vars: Record<string, unknown> = {}) => connect(connectionSettings('db1', { ...usual(), ...vars }))

async function using(vars: Record<string, unknown>, use: (connection: Connection) => Promise<void>): Promise<void> {
  const connection = await open(vars)
  try {
    await use(connection)
  } finally {
    await connection.close()
  }
}

const until = async (is: () => boolean) => {
  for (let i = 0; i < 1200 && !is(); i += 1) await sleep(25)
  return is()
}

/** The processes of ssh on this machine whose arguments hold a text. */
const processesWith = (text: string) =>
  readdirSync('/proc').filter((pid) => {
    if (!/^\d+$/.test(pid)) return false
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
      return words.includes(text) && words.includes('ssh')
    } catch {
      return false
    }
  })

test('over one login: a shell, programs with every status, and their bytes', () =>
  using({}, async (connection) => {
    const shell = await connection.shell()
    const input = Buffer.from(Array.from({ length: 200_000 }, (_, i) => i & 255))
    const programs = ['exit 0', 'exit 3', 'exit 255', 'kill -9 $$', 'sleep 30 & echo $! >&2'].map((script) =>
      connection.exec(raw(script)),
    )
    const [who, echoed, ...replies] = await Promise.all([
      shell.request(raw('id -un')),
      connection.exec(raw('cat; printf err >&2; exit 4'), { input }),
      ...programs,
    ])
    assert.is(who.stdout.toString(), `${user.name}\n`)
    assert.ok(echoed.stdout.equals(input))
    assert.equal([echoed.status, echoed.stderr.toString()], [4, 'err'])
    // A command that was killed is no host that was lost, and a daemon holds nothing open.
    assert.equal(
      replies.map(({ status }) => status),
      [0, 3, 255, 137, 0],
    )
    process.kill(Number(replies.at(-1)?.stderr.toString()))
    const stream = await connection.duplex(raw('cat; echo end'))
    const read: Buffer[] = []
    stream.on('data', (piece: Buffer) => read.push(piece))
    stream.end('x')
    await once(stream, 'end')
    assert.is(Buffer.concat(read).toString(), 'xend\n')
    assert.is(processesWith(`Port=${sshd.port}`).filter((pid) => !isShell(pid)).length, 1, 'one login')
  }))

const isShell = (pid: string) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/bin/sh')

test('a password logs in and becomes root; it is in no argument and no environment; nothing is left', async () => {
  const vars = { ansible_ssh_private_key_file: '', ansible_password: user.password }
  const opening = open(vars)
  const seen = new Set<string>()
  let over = false
  const watching = (async () => {
    while (!over) {
      for (const pid of [...processesWith(`Port=${sshd.port}`), ...processesWith('ssh-askpass')])
        for (const file of ['cmdline', 'environ'])
          try {
            seen.add(readFileSync(`/proc/${pid}/${file}`, 'utf8'))
          } catch {
            // It has ended.
          }
      await sleep(20)
    }
  })()
  const connection = await opening
  over = true
  await watching
  try {
    const root = await connection.shell({ method: 'sudo', user: 'root', password: user.password })
    const terminal = await connection.exec(raw('id -un'), {
      become: { method: 'sudo', user: 'daemon', password: user.password },
    })
    assert.equal(
      [(await root.request(raw('id -un'))).stdout.toString(), terminal.stdout.toString()],
      ['root\n', 'daemon\n'],
    )
  } finally {
    await connection.close()
  }
  assert.ok(
    [...seen].some((text) => text.includes('SSH_ASKPASS')),
    'ssh was seen',
  )
  assert.not.ok([...seen].some((text) => text.includes(user.password.reveal())))
  assert.ok(await until(() => processesWith(`Port=${sshd.port}`).length === 0))
})

test('an encrypted key gets its passphrase, and a host that is not known no answer at all', async () => {
  keygen(path('locked'), 'ed25519', 'over the hills')
  writeFileSync(path('authorized_keys'), readFileSync(`${path('locked')}.pub`), { flag: 'a' })
  const vars = {
    ansible_ssh_private_key_file: path('locked'),
    ansible_ssh_private_key_passphrase: new Secret('over the hills'),
  }
  await using(vars, async (connection) => assert.is((await connection.exec(raw('echo in'))).stdout.toString(), 'in\n'))
  writeFileSync(path('nobody'), '')
  const args = `-o StrictHostKeyChecking=ask -o UserKnownHostsFile=${path('nobody')} ${common()}`
  const error = await rejected(open({ ...vars, ansible_password: 'yes', ansible_ssh_common_args: args }))
  assert.match(error.message, /host key is not known/)
  assert.is(readFileSync(path('nobody'), 'utf8'), '')
})

test('the password is not for a jump host', async () => {
  const config = path('jump-config')
  writeFileSync(
    config,
    `Host jump\n HostName 127.0.0.1\n Port ${sshd.port}\n User ${user.name}\n PreferredAuthentications password\nHost *\n UserKnownHostsFile ${sshd.knownHosts}\n IdentityAgent none\n`,
  )
  const error = await rejected(
    open({ ansible_password: user.password, ansible_ssh_common_args: `-F ${config} -J jump` }),
  )
  assert.match(error.message, /permission denied/)
})

const failures: readonly (readonly [
  what: string,
  vars: () => Promise<Record<string, unknown>>,
  message: RegExp,
  next: RegExp,
])[] = [
  [
    'a changed host key',
    async () => {
      keygen(path('stranger'), 'ed25519')
      writeFileSync(path('changed'), knownHostsLine(path('stranger.pub'), sshd.port))
      return { ansible_ssh_common_args: `-o UserKnownHostsFile=${path('changed')} ${common()}` }
    },
    /host key has changed: it is SHA256:\S+, and \S+changed:1 expects another/,
    /sed -i 1d/,
  ],
  ['nobody who listens', async () => ({ ansible_port: await freePort() }), /nothing listens/, /ansible_port/],
  [
    'a name that nobody knows',
    async () => ({ ansible_host: 'no-such-host.invalid' }),
    /no-such-host.invalid is not known/,
    /ansible_host/,
  ],
  [
    'a key that is not there',
    async () => ({ ansible_ssh_private_key_file: '/nowhere/key' }),
    /\/nowhere\/key is not there/,
    /private_key_file/,
  ],
  [
    'a wrong password',
    async () => ({ ansible_ssh_private_key_file: '', ansible_password: 'wrong' }),
    /permission denied/,
    /ansible_password/,
  ],
  [
    'nothing to log in with',
    async () => ({ ansible_ssh_private_key_file: '', ansible_ssh_common_args: `-o IdentityFile=none ${common()}` }),
    /permission denied, and the host takes publickey, password/,
    /private_key_file/,
  ],
  [
    'an option that ssh does not know',
    async () => ({ ansible_ssh_common_args: '-o NoSuchOption=1' }),
    /NoSuchOption|nosuchoption/,
    /ssh\/config/,
  ],
  [
    'no ssh',
    async () => ({ ansible_ssh_executable: 'no-such-ssh' }),
    /no-such-ssh cannot be started/,
    /openssh-client/,
  ],
]
/** All at once: each waits for ssh to start and to give up. */
let told: Promise<ReadonlyMap<string, HostwrightError>> | undefined
const tellAll = async () =>
  new Map(await Promise.all(failures.map(async ([what, vars]) => [what, await rejected(open(await vars()))] as const)))
for (const [what, , message, next] of failures)
  test(`unreachable, and told why: ${what}`, async () => {
    const error = (await (told ??= tellAll())).get(what)
    assert.ok(error)
    assert.equal([error.kind, error.host], ['unreachable', 'db1'])
    assert.match(error.message, message)
    assert.match(error.next ?? '', next)
    assert.match(String((error.data as Record<string, unknown>)['command']), /ControlMaster/)
  })

test('a port that accepts and never answers is given up', async () => {
  const server = createServer(() => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const error = await rejected(open({ ansible_port: (server.address() as AddressInfo).port, ansible_timeout: 1 }))
  assert.equal([error.kind, /no answer/.test(error.message)], ['unreachable', true], error.message)
  server.close()
})

test('a connection that breaks rejects everything that waits, and one that falls silent is noticed', async () => {
  const line = await cable(sshd)
  const args = `${line.vars['ansible_ssh_common_args']} -o ServerAliveInterval=1 -o ServerAliveCountMax=1`
  for (const breaks of ['silence', 'cut'] as const)
    await using({ ...line.vars, ansible_ssh_common_args: args }, async (connection) => {
      const shell = await connection.shell()
      const waiting = [shell.request(sh`echo >${home(breaks)}; exec sleep 20`), connection.exec(raw('exec sleep 20'))]
      const all = Promise.all(waiting.map(rejected))
      await until(() => existsSync(home(breaks)))
      await line[breaks]()
      for (const error of await all) {
        assert.equal([error.kind, error.host], ['unreachable', 'db1'])
        assert.match(error.message, /connection was lost/)
      }
      assert.match((await rejected(connection.exec(raw('true')))).message, /connection was lost/)
    })
})

test('a command that is cut off has ended on the host too', () =>
  using({}, async (connection) => {
    const cut = new AbortController()
    let pid = ''
    const running = connection.exec(raw('echo $$; exec sleep 64'), {
      signal: cut.signal,
      onOutput: (piece) => {
        pid = piece.toString().trim()
        cut.abort()
      },
    })
    assert.match((await rejected(running)).message, /cut off/)
    assert.ok(await until(() => !existsSync(`/proc/${pid}`)))
  }))

test('when the controller is killed, ssh ends, and what waits is not begun', async () => {
  const vars = { ...usual(), ansible_user: 'root' }
  const program = fileURLToPath(new URL('../../controller.ts', import.meta.url))
  const [begun, never] = [path('begun'), path('never')]
  const args = [...process.execArgv, program, JSON.stringify(vars), `echo >${begun}; sleep 1`, `touch ${never}`]
  const controller = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit'] })
  assert.ok(await until(() => existsSync(begun)))
  const [login] = processesWith(`Port=${sshd.port}`)
  assert.ok(login !== undefined)
  controller.kill('SIGKILL')
  await once(controller, 'exit')
  assert.ok(await until(() => processesWith(`Port=${sshd.port}`).length === 0))
  assert.not(existsSync(never))
})

test.run()
