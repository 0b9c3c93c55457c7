// needs: openssh-server openssh-client
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, chmodSync, copyFileSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import type { HostwrightError } from '../../../../lib/error.ts'
import { raw } from '../../../../lib/quote.ts'
import { Secret } from '../../../../lib/secret.ts'
import { rejected } from '../outcome.ts'
import { freePort, keygen, knownHostsLine, startSshd, type Sshd } from '../sshd.ts'
import { temporaryUser } from '../user.ts'

let sshd: Sshd
test.before(async () => {
  sshd = await startSshd('PasswordAuthentication yes')
})
test.after(() => sshd.stop())

const path = (name: string) => join(sshd.folder, name)

/** Arguments with other known hosts, and what else a case wants. */
const args = (knownHosts: string, more = '') =>
  `-F none -o UserKnownHostsFile=${knownHosts} -o GlobalKnownHostsFile=none ${more.includes('IdentityAgent') ? '' : '-o IdentityAgent=none'} ${more}`

/** Logs in, says who it is, and logs out. */
async function whoami(vars: Record<string, unknown>): Promise<string> {
  const connection = await connect(connectionSettings('db1', { ...sshd.vars, ...vars }))
  try {
    return (await connection.exec(raw('id -un'))).stdout.toString().trim()
  } finally {
    await connection.close()
  }
}

const unreachable = (error: HostwrightError, message: RegExp) => {
  assert.is(error.kind, 'unreachable')
  assert.is(error.host, 'db1')
  assert.match(error.message, message)
  assert.ok(error.next !== undefined)
}

test('a key logs in', async () => assert.is(await whoami({}), 'root'))

test('an unknown host key is refused with its fingerprint and the command that adds it', async () => {
  const empty = path('empty')
  writeFileSync(empty, '')
  const error = await rejected(whoami({ ansible_ssh_common_args: args(empty) }))
  const fingerprint = /SHA256:\S+/.exec(
    execFileSync('ssh-keygen', ['-lf', path('host_ed25519.pub')], { encoding: 'utf8' }),
  )
  unreachable(error, /not known/)
  assert.ok(error.message.includes(fingerprint?.[0] ?? '?'))
  assert.match(error.next ?? '', new RegExp(`ssh-keyscan -p ${sshd.port} 127\\.0\\.0\\.1 >>`))
  assert.is(readFileSync(empty, 'utf8'), '', 'nothing was accepted silently')
})

test('accept-new writes the key down, and then it is known', async () => {
  const file = path('new/known_hosts')
  assert.is(await whoami({ ansible_ssh_common_args: args(file, '-o StrictHostKeyChecking=accept-new') }), 'root')
  assert.is(statSync(file).mode & 0o777, 0o600)
  assert.is(await whoami({ ansible_ssh_common_args: args(file) }), 'root')
  appendFileSync(file, 'no newline at the end')
  await whoami({
    ansible_ssh_common_args: args(
      file,
      '-o HostKeyAlias=second -o StrictHostKeyChecking=accept-new -o HashKnownHosts=yes',
    ),
  })
  assert.match(readFileSync(file, 'utf8'), /end\n\|1\|/)
})

test('a changed host key is refused with file and line, also with accept-new', async () => {
  keygen(path('stranger'), 'ed25519')
  const file = path('changed')
  writeFileSync(file, `# a comment\n${knownHostsLine(path('stranger.pub'), sshd.port)}`)
  for (const more of ['', '-o StrictHostKeyChecking=accept-new']) {
    const error = await rejected(whoami({ ansible_ssh_common_args: args(file, more) }))
    unreachable(error, /has changed.*changed:2/)
    assert.equal(error.place, { file, line: 2 })
    assert.match(error.next ?? '', /ssh-keygen -R/)
  }
})

test('a revoked host key is refused', async () => {
  const file = path('revoked')
  const line = knownHostsLine(path('host_ed25519.pub'), sshd.port)
  writeFileSync(file, `${line}@revoked ${line}`)
  unreachable(await rejected(whoami({ ansible_ssh_common_args: args(file) })), /revoked by .*revoked:2/)
})

test('a host known by its RSA key only is asked for that one', async () => {
  const file = path('rsa')
  writeFileSync(file, knownHostsLine(path('host_rsa.pub'), sshd.port))
  assert.is(await whoami({ ansible_ssh_common_args: args(file) }), 'root')
})

test('a key known for the host without its port is good enough', async () => {
  const file = path('portless')
  writeFileSync(file, knownHostsLine(path('host_ed25519.pub'), sshd.port).replace(/^\S+/, '127.0.0.1'))
  assert.is(await whoami({ ansible_ssh_common_args: args(file) }), 'root')
})

test('checking can be switched off', async () => {
  assert.is(await whoami({ ansible_ssh_common_args: args('/dev/null'), ansible_host_key_checking: 'no' }), 'root')
})

test('an encrypted key wants its passphrase', async () => {
  const key = path('encrypted')
  keygen(key, 'ed25519', 'open sesame')
  appendFileSync(path('authorized_keys'), readFileSync(`${key}.pub`))
  const vars = { ansible_ssh_private_key_file: key }
  assert.is(await whoami({ ...vars, ansible_ssh_private_key_passphrase: new Secret('open sesame') }), 'root')
  const without = await rejected(whoami(vars))
  unreachable(without, /encrypted is encrypted, and no passphrase/)
  assert.match(without.next ?? '', /ssh-add/)
  unreachable(await rejected(whoami({ ...vars, ansible_ssh_private_key_passphrase: 'wrong' })), /another passphrase/)
})

test('a key in the agent logs in, also an encrypted one that only the agent can use', async () => {
  const socket = path('agent')
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' })
  try {
    for (let i = 0; i < 100 && !existsSync(socket); i += 1) await new Promise((resolve) => setTimeout(resolve, 20))
    execFileSync('ssh-add', ['-q', sshd.key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: 'ignore' })
    const common = args(sshd.knownHosts, `-o IdentityAgent=${socket}`)
    const bare = { ...sshd.vars, ansible_ssh_private_key_file: undefined }
    assert.is(await whoami({ ...bare, ansible_ssh_common_args: `${common} -o IdentityFile=none` }), 'root')
    const locked = path('locked')
    copyFileSync(sshd.key, locked)
    copyFileSync(`${sshd.key}.pub`, `${locked}.pub`)
    execFileSync('ssh-keygen', ['-q', '-p', '-N', 'locked', '-f', locked], { stdio: 'ignore' })
    assert.is(
      await whoami({
        ansible_ssh_private_key_file: locked,
        ansible_ssh_common_args: `${common} -o IdentitiesOnly=yes`,
      }),
      'root',
    )
  } finally {
    agent.kill()
    await once(agent, 'exit')
  }
})

test('an agent that is gone is passed over', async () => {
  assert.is(await whoami({ ansible_ssh_common_args: args(sshd.knownHosts, '-o IdentityAgent=/nowhere') }), 'root')
})

test('a named key that is not there or no key is an error of its own', async () => {
  unreachable(await rejected(whoami({ ansible_ssh_private_key_file: '/nowhere/key' })), /\/nowhere\/key is not there/)
  const file = path('no-key')
  writeFileSync(file, 'hello')
  chmodSync(file, 0o600)
  unreachable(await rejected(whoami({ ansible_ssh_private_key_file: file })), /no-key is not a key/)
})

test('a key that the host does not take is named', async () => {
  keygen(path('foreign'), 'ed25519')
  const error = await rejected(whoami({ ansible_ssh_private_key_file: path('foreign') }))
  unreachable(error, /cannot log in as root@127\.0\.0\.1:\d+: refused: .*foreign/)
})

test('a password logs in, a wrong one is said to be', async () => {
  const user = temporaryUser('pw')
  try {
    const vars = {
      ansible_user: user.name,
      ansible_ssh_private_key_file: path('foreign'),
      ansible_password: user.password,
    }
    assert.is(await whoami(vars), user.name)
    const error = await rejected(whoami({ ...vars, ansible_password: new Secret('not this one') }))
    unreachable(error, /refused: .*the password/)
    assert.not.match(`${error.message}${error.next}`, /not this one/)
  } finally {
    user.remove()
  }
})

test('a host that asks for the password by keyboard-interactive only gets it there', async () => {
  const asking = await startSshd('UsePAM yes\nPasswordAuthentication no\nKbdInteractiveAuthentication yes')
  const user = temporaryUser('kbd')
  try {
    const vars = { ...asking.vars, ansible_user: user.name, ansible_ssh_private_key_file: path('foreign') }
    assert.is(await whoami({ ...vars, ansible_password: user.password }), user.name)
    unreachable(await rejected(whoami({ ...vars, ansible_password: 'not this one' })), /refused: .*the password/)
  } finally {
    user.remove()
    await asking.stop()
  }
})

test('nobody listening is said at once', async () => {
  unreachable(await rejected(whoami({ ansible_port: await freePort() })), /nothing listens there/)
  unreachable(await rejected(whoami({ ansible_host: 'no-such-host.invalid' })), /name/)
})

test('the algorithms that are named are used', async () => {
  const common = args(
    sshd.knownHosts,
    '-o Ciphers=aes256-ctr -o KexAlgorithms=+diffie-hellman-group14-sha256 -o MACs=hmac-sha2-*',
  )
  assert.is(await whoami({ ansible_ssh_common_args: common }), 'root')
  const error = await rejected(whoami({ ansible_ssh_common_args: args(sshd.knownHosts, '-o Ciphers=rot13') }))
  assert.is(error.kind, 'input')
  assert.match(error.message, /rot13/)
})

test.run()
