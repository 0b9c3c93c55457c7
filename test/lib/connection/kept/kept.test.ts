// needs: openssh-server openssh-client
/** Logins that are kept from one run to the next, by a real keeper, on a real sshd. */
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import {
  connect,
  connectionSettings,
  endKeptLogins,
  keepLogins,
  keptLogins,
  type Connection,
} from '../../../../lib/connection/index.ts'
import { raw } from '../../../../lib/quote.ts'
import { cable, type Cable } from '../cable.ts'
import { rejected } from '../outcome.ts'
import { startSshd, type Sshd } from '../sshd.ts'

const runtime = mkdtempSync(join(tmpdir(), 'hostwright-kept-'))
process.env['XDG_RUNTIME_DIR'] = runtime
const socket = join(runtime, 'hostwright', 'logins', 'socket-1')

let sshd: Sshd
let way: Cable
test.before(async () => {
  sshd = await startSshd()
})
test.before.each(async () => {
  way = await cable(sshd)
})
test.after.each(async () => {
  for (const pid of keepers()) process.kill(pid)
  await until(() => keepers().length === 0)
  rmSync(socket, { force: true })
  await way.cut()
})
test.after(async () => {
  await sshd.stop()
  rmSync(runtime, { recursive: true })
})

const until = async (is: () => boolean) => {
  for (let i = 0; i < 600 && !is(); i += 1) await sleep(25)
  assert.ok(is(), 'it took too long')
}

/** The keepers of this test: they have its folder in their environment. */
function keepers(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const title = readFileSync(`/proc/${pid}/cmdline`, 'utf8')
        return /keeps logins|keep-logins/.test(title) && readFileSync(`/proc/${pid}/environ`, 'utf8').includes(runtime)
      } catch {
        return false
      }
    })
}

const open = (options = '', vars = {}): Promise<Connection> =>
  connect(
    connectionSettings('db1', {
      ...sshd.vars,
      ...way.vars,
      ansible_ssh_common_args: `${String(way.vars.ansible_ssh_common_args)} ${options}`,
      ...vars,
    }),
  )

async function run(options = ''): Promise<string> {
  const connection = await open(options)
  try {
    const { stdout } = await (await connection.shell()).request(raw('echo "$SSH_CONNECTION"'))
    return stdout.toString()
  } finally {
    await connection.close()
  }
}

/** A run, after which its login is kept: one more connection than those that were there. */
async function leaveLogin(options = ''): Promise<string> {
  const before = way.count()
  const own = await run(options)
  await keepLogins()
  await until(() => way.count() === before + 2 && existsSync(socket))
  // The keeper has it from the moment that it lends it.
  for (let i = 0; i < 200 && (await run(options)) === own; i += 1) await sleep(25)
  return own
}

test('the next run takes the login that was kept, without a connection of its own', async () => {
  const own = await leaveLogin()
  const count = way.count()
  const kept = await run()
  assert.is.not(kept, own)
  assert.is(await run(), kept)
  assert.is(way.count(), count)
})

test('bytes pass both ways as they are, and programs end as they end', async () => {
  await leaveLogin()
  const connection = await open()
  const count = way.count()
  const shell = await connection.shell()
  const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) % 256))
  const [echoed, failed] = await Promise.all([
    shell.request(raw('cat'), { input: bytes }),
    shell.request(raw('echo out; echo err >&2; exit 7')),
  ])
  assert.ok(echoed.stdout.equals(bytes))
  assert.equal([failed.status, failed.stdout.toString(), failed.stderr.toString()], [7, 'out\n', 'err\n'])
  const streamed = await connection.exec(raw('cat; echo "$?" >&2'), { input: bytes })
  assert.ok(streamed.stdout.equals(bytes))
  assert.is(streamed.stderr.toString(), '0\n')
  const late = await rejected(connection.exec(raw('sleep 60'), { timeout: 0.3 }))
  assert.match(late.message, '0.3')
  await connection.close()
  assert.is(way.count(), count)
})

test('two runs at a time never share a login', async () => {
  await leaveLogin()
  const [one, two] = [await open(), await open()]
  const said = await Promise.all(
    [one, two].map(async (each) =>
      (await (await each.shell()).request(raw('echo "$SSH_CONNECTION"'))).stdout.toString(),
    ),
  )
  assert.is.not(said[0], said[1])
  await Promise.all([one.close(), two.close()])
})

test('a host that has gone without a word since is logged in to anew', async () => {
  const own = await leaveLogin()
  const count = way.count()
  way.silence()
  const next = await run()
  assert.is.not(next, own)
  assert.is(way.count(), count + 1)
})

test('a host that is lost is lost for the run, with the reason; and the keeper ends with its last login', async () => {
  await leaveLogin()
  const connection = await open()
  const shell = await connection.shell()
  await shell.request(raw(':'))
  const waiting = rejected(shell.request(raw('sleep 60')))
  await way.cut()
  const error = await waiting
  assert.is(error.kind, 'unreachable')
  assert.match(error.message, 'the connection was lost')
  await connection.close()
  await until(() => keepers().length === 0 && !existsSync(socket))
})

test('when the keeper is killed, the run that uses a login of its knows', async () => {
  await leaveLogin()
  const connection = await open()
  const waiting = rejected((await connection.shell()).request(raw('sleep 60')))
  await sleep(200)
  for (const pid of keepers()) process.kill(pid, 'SIGKILL')
  const error = await waiting
  assert.is(error.kind, 'unreachable')
  assert.match(error.message, 'what kept it has ended')
  await connection.close()
  assert.ok((await run()) !== '', 'the next run logs in by itself')
})

test('when the keeper dies while it is asked for a login, the run logs in by itself', async () => {
  await endKeptLogins()
  await until(() => keepers().length === 0 && !existsSync(socket))
  let asked = 0
  // What it has not read makes the end a reset.
  const dying = createServer({ pauseOnConnect: true }, (client) => {
    asked += 1
    setTimeout(() => client.destroy(), 50)
  })
  await new Promise<void>((resolve) => dying.listen(socket, resolve))
  try {
    assert.ok((await run()) !== '')
    assert.ok(asked > 0)
  } finally {
    dying.close()
  }
})

test('a login stays for as long as ControlPersist says', async () => {
  await run('-o ControlPersist=1s')
  await keepLogins()
  await until(() => existsSync(socket))
  await until(() => keepers().length === 0 && !existsSync(socket))
})

for (const options of ['-o ControlPersist=no', '-o ControlMaster=no', '-o ForwardAgent=yes'])
  test(`with ${options} nothing is kept`, async () => {
    await run(options)
    await keepLogins()
    assert.equal(keepers(), [])
    assert.not(existsSync(socket))
  })

test('what is kept can be told, and ended', async () => {
  assert.equal(await keptLogins(), [])
  await leaveLogin()
  const login = `root@127.0.0.1:${String(way.vars.ansible_port)}`
  const [left, ...more] = await keptLogins()
  assert.equal([left?.login, left?.used, more.length], [login, false, 0])
  assert.ok((left?.seconds ?? 0) > 40 && (left?.seconds ?? 99) <= 60)
  const connection = await open()
  assert.ok((await keptLogins())[0]?.used)
  await connection.close()
  await endKeptLogins()
  await until(() => keepers().length === 0 && !existsSync(socket))
  assert.equal(await keptLogins(), [])
})

test('a login for other options is another login', async () => {
  await leaveLogin()
  const count = way.count()
  await run('-o ServerAliveInterval=14')
  assert.is(way.count(), count + 1)
})

test('what others can enter is no place for logins', async () => {
  const folder = join(runtime, 'hostwright', 'logins')
  chmodSync(folder, 0o755)
  await run()
  await keepLogins()
  chmodSync(folder, 0o700)
  assert.equal(keepers(), [])
  assert.not(existsSync(socket))
})

test.run()
