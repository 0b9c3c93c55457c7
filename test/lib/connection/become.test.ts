// needs: openssh-server openssh-client sudo doas
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings, type Become, type Connection } from '../../../lib/connection/index.ts'
import { becomeError, startCommand } from '../../../lib/connection/become.ts'
import { raw } from '../../../lib/quote.ts'
import { Secret } from '../../../lib/secret.ts'
import { runs } from '../../support/runs.ts'
import { rejected } from './outcome.ts'
import { startSshd, type Sshd } from './sshd.ts'
import { temporaryUser, type TemporaryUser } from './user.ts'

let sshd: Sshd
let allowed: TemporaryUser
let trusted: TemporaryUser
let stranger: TemporaryUser
const doasConf = '/etc/doas.conf'
const doasBefore = existsSync(doasConf) ? readFileSync(doasConf) : undefined

test.before(async () => {
  sshd = await startSshd()
  allowed = temporaryUser('ask', 'ALL=(ALL) ALL')
  trusted = temporaryUser('free', 'ALL=(ALL) NOPASSWD: ALL')
  stranger = temporaryUser('none')
  writeFileSync(doasConf, `permit ${allowed.name}\npermit nopass ${trusted.name}\n`, { mode: 0o644 })
})
test.after(async () => {
  for (const user of [allowed, trusted, stranger]) user.remove()
  if (doasBefore === undefined) rmSync(doasConf, { force: true })
  else writeFileSync(doasConf, doasBefore)
  await sshd.stop()
})

async function as<T>(user: string, use: (connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connect(connectionSettings('db1', { ...sshd.vars, ansible_user: user }))
  try {
    return await use(connection)
  } finally {
    await connection.close()
  }
}

/** Who a shell and a program of its own are, and where. */
async function whoami(user: string, become: Become): Promise<readonly string[]> {
  return as(user, async (connection) => {
    const shell = await connection.shell(become)
    const script = raw('id -un; echo "$HOME"')
    const replies = [await shell.request(script), await connection.exec(script, { become })]
    return replies.map(({ stdout }) => stdout.toString().replaceAll('\r', ''))
  })
}

/** A refusal comes with the first request at the latest, and with a program of its own. */
const failures = async (user: string, become: Become) =>
  as(user, (connection) =>
    Promise.all([
      rejected(connection.shell(become).then((shell) => shell.request(raw('true')))),
      rejected(connection.exec(raw('true'), { become })),
    ]),
  )
const root = 'root\n/root\n'

test('sudo without a password', async () => {
  assert.equal(await whoami(trusted.name, { method: 'sudo', user: 'root' }), [root, root])
})

test('sudo with a password, and with one that nobody asks for', async () => {
  const { password } = allowed
  assert.equal(await whoami(allowed.name, { method: 'sudo', user: 'root', password }), [root, root])
  assert.equal(await whoami(trusted.name, { method: 'sudo', user: 'root', password }), [root, root])
})

test('sudo to somebody who is not root', async () => {
  const [shell] = await whoami(allowed.name, { method: 'sudo', user: trusted.name, password: allowed.password })
  assert.is(shell, `${trusted.name}\n/tmp/${trusted.name}\n`)
})

test('root needs no sudo to be root, and a password is never asked', async () => {
  for (const method of ['sudo', 'su', 'doas'] as const)
    assert.equal(await whoami('root', { method, user: 'root', password: new Secret('unused') }), [root, root])
})

test('su with a password, and without one as root', async () => {
  const become: Become = { method: 'su', user: trusted.name, password: trusted.password }
  const me = `${trusted.name}\n/tmp/${trusted.name}\n`
  assert.equal(await whoami(allowed.name, become), [me, me])
  const [shell] = await whoami('root', { method: 'su', user: 'nobody' })
  assert.match(shell ?? '', /^nobody\n/)
})

test('doas without a password, and with one through a terminal', async () => {
  const free = await whoami(trusted.name, { method: 'doas', user: 'root' })
  assert.equal(
    free.map((text) => text.split('\n')[0]),
    ['root', 'root'],
  )
  const asked = await whoami(allowed.name, { method: 'doas', user: 'root', password: allowed.password })
  assert.equal(
    asked.map((text) => text.split('\n')[0]),
    ['root', 'root'],
  )
})

test('a terminal in between passes every byte', () =>
  as(allowed.name, async (connection) => {
    const shell = await connection.shell({ method: 'doas', user: 'root', password: allowed.password })
    const input = Buffer.from(Array.from({ length: 20_000 }, (_, i) => i & 255))
    const replies = await Promise.all([shell.request(raw('cat'), { input }), shell.request(raw('cat >&2'), { input })])
    assert.ok(replies[0].stdout.equals(input) && replies[1].stderr.equals(input))
  }))

const refusals: readonly (readonly [
  what: string,
  user: () => string,
  become: () => Become,
  message: RegExp,
  next: RegExp,
])[] = [
  [
    'sudo, wrong password',
    () => allowed.name,
    () => ({ method: 'sudo', user: 'root', password: new Secret('wrong one') }),
    /the password for sudo is wrong/,
    /-K/,
  ],
  [
    'sudo, no password',
    () => allowed.name,
    () => ({ method: 'sudo', user: 'root' }),
    /sudo wants a password/,
    /ansible_become_password/,
  ],
  [
    'sudo, not allowed',
    () => stranger.name,
    () => ({ method: 'sudo', user: 'root', password: stranger.password }),
    /not allowed to become root/,
    /visudo/,
  ],
  [
    'sudo, no such user',
    () => trusted.name,
    () => ({ method: 'sudo', user: 'nobody-here' }),
    /no user nobody-here/,
    /ansible_become_user/,
  ],
  [
    'su, wrong password',
    () => allowed.name,
    () => ({ method: 'su', user: trusted.name, password: new Secret('wrong one') }),
    /the password for su is wrong/,
    /-K/,
  ],
  ['su, no password', () => allowed.name, () => ({ method: 'su', user: trusted.name }), /su wants a password/, /-K/],
  [
    'doas, wrong password',
    () => allowed.name,
    () => ({ method: 'doas', user: 'root', password: new Secret('wrong one') }),
    /the password for doas is wrong/,
    /-K/,
  ],
  ['doas, no password', () => allowed.name, () => ({ method: 'doas', user: 'root' }), /doas wants a password/, /-K/],
  [
    'doas, not allowed',
    () => stranger.name,
    () => ({ method: 'doas', user: 'root' }),
    /not allowed to become root/,
    /doas\.conf/,
  ],
]
for (const [what, user, become, message, next] of refusals)
  test(`${what}: said as a failure, with what to do`, async () => {
    for (const error of await failures(user(), become())) {
      assert.is(error.kind, 'failed')
      assert.is(error.host, 'db1')
      assert.match(error.message, message)
      assert.match(error.next ?? '', next)
      assert.not.match(JSON.stringify([error.message, error.data]), /wrong one/)
    }
  })

const ending: readonly (readonly [what: string, user: () => string, become: () => Become])[] = [
  ['sudo', () => trusted.name, () => ({ method: 'sudo', user: 'root' })],
  ['sudo to somebody', () => allowed.name, () => ({ method: 'sudo', user: trusted.name, password: allowed.password })],
  ['su', () => allowed.name, () => ({ method: 'su', user: trusted.name, password: trusted.password })],
  ['doas in a terminal', () => allowed.name, () => ({ method: 'doas', user: 'root', password: allowed.password })],
]
for (const [what, user, become] of ending)
  test(`${what}: what runs is ended with its children when all is cut short`, () =>
    as(user(), async (connection) => {
      let pids: readonly number[] = []
      let begun = () => {}
      const running = new Promise<void>((resolve) => (begun = resolve))
      const script = raw(
        'sleep 921 & (sleep 922 & echo $! >&3) 3>&1 | { read -r pid; echo "pids $$ $! $pid"; exec sleep 923; }',
      )
      const failed = rejected(
        connection.exec(script, {
          become: become(),
          onOutput: (chunk) => {
            pids = /pids ([\d ]+)/.exec(String(chunk))?.[1]?.split(' ').map(Number) ?? pids
            if (pids.length === 3) begun()
          },
        }),
      )
      await running
      assert.equal(await connection.cutShort(), [{ is: 'ended' }])
      assert.match((await failed).message, /^the command was cut off$/)
      assert.equal(pids.map(runs), [false, false, false])
    }))

test('after a refusal the connection goes on', () =>
  as(allowed.name, async (connection) => {
    const wrong = new Secret('wrong one')
    await rejected(connection.shell({ method: 'sudo', user: 'root', password: wrong }))
    const right = await connection.shell({ method: 'sudo', user: 'root', password: allowed.password })
    assert.is((await right.request(raw('id -un'))).stdout.toString(), 'root\n')
  }))

test('a password is in no argument list and in no environment on the host', () =>
  as(allowed.name, async (connection) => {
    const shell = await connection.shell({ method: 'sudo', user: 'root', password: allowed.password })
    const { stdout } = await shell.request(raw('cat /proc/[0-9]*/cmdline /proc/[0-9]*/environ 2>/dev/null'))
    assert.not.ok(stdout.includes(allowed.password.reveal()))
  }))

test('a command line is one line without quotes that a login shell could misread', () => {
  for (const method of ['sudo', 'su', 'doas'] as const)
    for (const user of ['postgres', "it's"]) {
      const { command } = startCommand('echo "$HOME"', 'ab12', { method, user })
      assert.not.match(command, /\n/)
      assert.is(spawnSync('sh', ['-n', '-c', command]).status, 0)
    }
})

// What the tools say on systems that this machine is not.
const words: readonly (readonly [text: string, message: RegExp])[] = [
  ['sudo: sorry, you must have a tty to run sudo', /wants a terminal/],
  ['sudo: a terminal is required to read the password; either use the -S option', /wants a password/],
  ['x is not in the sudoers file.  This incident will be reported.', /not allowed/],
  ["Sorry, user x is not allowed to execute '/bin/sh' as root on db1.", /not allowed/],
  ['Sorry, user x may not run sudo on db1.', /not allowed/],
  ['sudo: unknown user: y', /no user/],
  ['sudo: unknown user y', /no user/],
  ['su: user y does not exist or the user entry does not contain all the required fields', /no user/],
  ['sh: 1: exec: sudo: not found', /not installed/],
  ['su: must be suid to work properly', /did not give a shell/],
  ['', /did not give a shell/],
]
for (const [text, message] of words)
  test(`“${text.slice(0, 40)}” is understood`, () =>
    assert.match(becomeError({ method: 'sudo', user: 'root' }, text, 'ended').message, message))

test('this machine has what these tests need', () => {
  for (const tool of ['sudo', 'doas', 'su']) execFileSync('which', [tool])
})

test.run()
