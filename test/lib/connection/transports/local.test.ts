import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings, type Connection } from '../../../../lib/connection/index.ts'
import type { HostwrightError } from '../../../../lib/error.ts'
import { raw, sh } from '../../../../lib/quote.ts'
import { rejected } from '../outcome.ts'
import { connectShell } from '../shells.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-local-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)

const open = (vars: Record<string, unknown> = {}) =>
  connect(connectionSettings('here', { ansible_connection: 'local', ...vars }))

/** The two ways to this machine: a process, and a shell that some command opens. */
const ways: readonly (readonly [name: string, open: (vars?: Record<string, unknown>) => Promise<Connection>])[] = [
  ['local', open],
  ['command', (vars) => connectShell('dash', vars)],
]

const gone = async (pid: number) => {
  for (let i = 0; i < 100 && existsSync(`/proc/${pid}`); i += 1) await sleep(50)
  return !existsSync(`/proc/${pid}`)
}

for (const [name, way] of ways) {
  const proven = (what: string, prove: (connection: Connection) => Promise<void>, vars?: Record<string, unknown>) =>
    test(`${name}: ${what}`, async () => {
      const connection = await way(vars)
      try {
        await prove(connection)
      } finally {
        await connection.close()
      }
    })

  proven('a shell is opened once and shared', async (connection) => {
    const [one, two] = await Promise.all([connection.shell(), connection.shell()])
    assert.is(one, two)
    await Promise.all([one.request(raw('true')), one.request(raw('true'))])
    assert.is(connection.requests, 2)
  })

  proven('closed while a shell is being opened, it leaves no process', async (connection) => {
    const ours = () =>
      spawnSync('ps', ['--ppid', String(process.pid), '-o', 'pid=,args='], { encoding: 'utf8' })
        .stdout.split('\n')
        .filter((line) => line.includes('hostwright'))
    const before = ours()
    const refused = rejected(connection.shell().then((shell) => shell.request(raw('true'))))
    await connection.close()
    await refused
    const left = () => ours().filter((line) => !before.includes(line))
    for (let i = 0; i < 100 && left().length > 0; i += 1) await sleep(50)
    assert.equal(left(), [])
  })

  proven('a command by itself: both outputs live, its status, its input', async (connection) => {
    const seen: string[] = []
    const reply = await connection.exec(raw('cat; echo err >&2; exit 4'), {
      input: Buffer.from([0, 255, 10]),
      onOutput: (chunk, stream) => seen.push(`${stream} ${chunk.toString('hex')}`),
    })
    assert.equal([reply.status, reply.stdout.toString('hex'), String(reply.stderr)], [4, '00ff0a', 'err\n'])
    assert.equal(seen.sort(), ['stderr 6572720a', 'stdout 00ff0a'])
  })

  proven('output comes while the command still runs', async (connection) => {
    const cut = new AbortController()
    const running = connection.exec(raw('echo first; exec sleep 60'), {
      onOutput: () => cut.abort(),
      signal: cut.signal,
    })
    assert.match((await rejected(running)).message, /cut off/)
  })

  proven('input can be a stream, longer than what the command wants', async (connection) => {
    async function* endless() {
      for (;;) {
        await Promise.resolve()
        yield Buffer.alloc(65_536, 'x')
      }
    }
    const reply = await connection.exec(raw('head -c 200000 | wc -c'), { stdin: endless() })
    assert.is(reply.stdout.toString().trim(), '200000')
  })

  proven('a command that a signal ends has the shell’s number for it', async (connection) => {
    assert.is((await connection.exec(raw('kill -9 $$'))).status, 137)
  })

  proven('cutting a command off ends it and what it started', async (connection) => {
    const cut = new AbortController()
    let pids: number[] = []
    const running = connection.exec(raw('sleep 61 & echo $! $$; trap "" TERM; while :; do sleep 1; done'), {
      signal: cut.signal,
      onOutput: (chunk) => {
        pids = chunk.toString().trim().split(' ').map(Number)
        cut.abort()
      },
    })
    await rejected(running)
    for (const pid of pids) assert.ok(await gone(pid), `process ${pid} is gone`)
  })

  proven('a command beyond its time is ended', async (connection) => {
    const error = await rejected(connection.exec(sh`echo $$ >${path('pid')}; exec sleep 62`, { timeout: 0.3 }))
    assert.match(error.message, /0\.3 seconds/)
    assert.ok(await gone(Number(readFileSync(path('pid'), 'utf8'))))
  })

  proven('a process left behind does not hold the command open', async (connection) => {
    const { stdout } = await connection.exec(raw('sleep 5 & echo $!'))
    process.kill(Number(stdout.toString()))
  })

  proven(
    'a request beyond its time is ended, those behind it are not run, and the next one works',
    async (connection) => {
      const shell = await connection.shell()
      const late = shell.request(sh`echo $$ >/dev/null; sh -c 'echo $$' >${path('slow')}; exec sleep 63`, {
        timeout: 0.5,
      })
      const behind = shell.request(sh`touch ${path('behind')}`)
      const [first, second] = await Promise.all([rejected(late), rejected(behind)])
      assert.match(first.message, /no answer within 0\.5 seconds/)
      assert.match(second.message, /not run: the command before it/)
      assert.is((await shell.request(raw('echo back'))).stdout.toString(), 'back\n')
      assert.not(existsSync(path('behind')))
    },
  )

  proven(
    'of commands sent together, those that ran before one beyond its time are said to have run',
    async (connection) => {
      const shell = await connection.shell()
      const before = shell.request(raw('echo out'))
      const all = [before, shell.request(raw('exec sleep 64')), shell.request(sh`touch ${path('after')}`)]
      const [first, second, third] = await Promise.all(all.map(rejected))
      assert.match(first?.message ?? '', /its output was lost/)
      assert.match(second?.message ?? '', /no answer within 1 seconds; the command was ended/)
      assert.match(third?.message ?? '', /not run: the command before it/)
      assert.not(existsSync(path('after')))
    },
    { ansible_command_timeout: 1 },
  )

  proven(
    'a shell that is killed is an unreachable host for what waits, and opened again for what follows',
    async (connection) => {
      const shell = await connection.shell()
      const error = await rejected(shell.request(sh`echo "$_hd" >${path('killed')}; kill -9 $$`))
      assert.is(error.kind, 'unreachable')
      assert.is(error.host, 'here')
      // The one end that a loop cannot clean up after.
      rmSync(readFileSync(path('killed'), 'utf8').trim(), { recursive: true })
      assert.is((await shell.request(raw('echo back'))).stdout.toString(), 'back\n')
    },
  )

  proven('a duplex passes bytes both ways until its end', async (connection) => {
    const stream = await connection.duplex(raw('cat; echo end'))
    const read: Buffer[] = []
    stream.on('data', (chunk: Buffer) => read.push(chunk))
    const sent = Buffer.from(Array.from({ length: 300_000 }, (_, i) => i & 255))
    stream.end(sent)
    await once(stream, 'end')
    assert.ok(Buffer.concat(read).equals(Buffer.concat([sent, Buffer.from('end\n')])))
  })

  proven('a duplex that breaks off says what the command said', async (connection) => {
    const stream = await connection.duplex(raw('echo "no such socket" >&2; exit 3'))
    stream.resume()
    const [error] = (await once(stream, 'error')) as [HostwrightError]
    assert.match(error.message, /no such socket/)
  })

  proven('tools speak English', async (connection) => {
    assert.is((await connection.exec(raw('echo $LC_ALL'))).stdout.toString(), 'C\n')
  })
}

test('nothing is left of a connection after it is closed', async () => {
  const before = new Set(readdirSync('/dev/shm'))
  const connection = await open()
  await (await connection.shell()).request(raw('cat'), { input: 'x' })
  const [mine = ''] = readdirSync('/dev/shm').filter((name) => !before.has(name) && name.startsWith('.hostwright-'))
  await connection.close()
  assert.match(mine, /^\.hostwright-/)
  assert.not(existsSync(`/dev/shm/${mine}`))
  assert.is((await rejected(connection.exec(raw('true')))).kind, 'unreachable')
})

test('a command that is not there is an unreachable host, and says what is missing', async () => {
  const connection = await connect(
    connectionSettings('web', { ansible_connection: 'command', ansible_shell_command: 'no-such-tool x' }),
  )
  const error = await rejected(connection.shell())
  assert.is(error.kind, 'unreachable')
  assert.match(error.message, /no-such-tool/)
  await connection.close()
})

test('a shell command that gives no shell is an unreachable host with its words', async () => {
  const connection = await connect(
    connectionSettings('web', {
      ansible_connection: 'command',
      ansible_shell_command: ['sh', '-c', 'echo "No such container: web" >&2; exit 1'],
    }),
  )
  assert.match((await rejected(connection.shell())).message, /No such container: web/)
  await connection.close()
})

test('words of a login file before the shell disturb nothing', async () => {
  const connection = await connect(
    connectionSettings('web', {
      ansible_connection: 'command',
      ansible_shell_command: ['sh', '-c', 'echo Welcome; printf "no newline"; exec sh'],
    }),
  )
  assert.is((await (await connection.shell()).request(raw('echo x'))).stdout.toString(), 'x\n')
  await connection.close()
})

test.run()
