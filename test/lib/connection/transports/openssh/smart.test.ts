// needs: openssh-server openssh-client
import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../../lib/connection/index.ts'
import { needsOpenSsh } from '../../../../../lib/connection/transports/openssh/needed.ts'
import { raw } from '../../../../../lib/quote.ts'
import { rejected } from '../../outcome.ts'
import { keygen, startSshd, type Sshd } from '../../sshd.ts'
import { temporaryUser, type TemporaryUser } from '../../user.ts'

/** sshd that takes certificates of one authority, and no plain key; and has one of its own. */
let sshd: Sshd
let user: TemporaryUser
const path = (name: string) => join(sshd.folder, name)
const sign = (...args: readonly string[]) => execFileSync('ssh-keygen', ['-q', '-s', path('ca'), '-I', 'test', ...args])

test.before(async () => {
  sshd = await startSshd((folder) => {
    keygen(`${folder}/ca`, 'ed25519')
    execFileSync('ssh-keygen', [
      ...['-q', '-s', `${folder}/ca`, '-I', 'host'],
      '-h',
      '-n',
      '127.0.0.1',
      `${folder}/host_ed25519.pub`,
    ])
    return `TrustedUserCAKeys ${folder}/ca.pub\nHostCertificate ${folder}/host_ed25519-cert.pub\nAuthorizedKeysFile none`
  })
  user = temporaryUser('cert')
  keygen(path('mine'), 'ed25519')
  sign('-n', user.name, '-V', '+1h', path('mine.pub'))
  keygen(path('plain'), 'ed25519')
  const ca = readFileSync(path('ca.pub'), 'utf8')
  writeFileSync(path('by-authority'), `@cert-authority [127.0.0.1]:* ${ca}\n`)
})
test.after(async () => {
  user.remove()
  await sshd.stop()
})

const vars = (more: Record<string, unknown>) => ({
  ...sshd.vars,
  ansible_user: user.name,
  ansible_ssh_private_key_file: path('mine'),
  ...more,
})

async function whoami(more: Record<string, unknown>): Promise<string> {
  const connection = await connect(connectionSettings('db1', vars(more)))
  try {
    return (await connection.exec(raw('id -un'))).stdout.toString().trim()
  } finally {
    await connection.close()
  }
}

const knownByAuthority = () =>
  `-o UserKnownHostsFile=${path('by-authority')} ${String(sshd.vars['ansible_ssh_common_args'])}`

for (const kind of ['openssh', 'smart'])
  test(`${kind}: a certificate alone logs in, to a host that a certificate alone vouches for`, async () =>
    assert.is(await whoami({ ansible_connection: kind, ansible_ssh_common_args: knownByAuthority() }), user.name))

test('a certificate of somebody else, or none, does not log in', async () => {
  sign('-n', 'somebody-else', '-V', '+1h', path('plain.pub'))
  const error = await rejected(whoami({ ansible_connection: 'openssh', ansible_ssh_private_key_file: path('plain') }))
  assert.match(error.message, /permission denied/)
})

test('ssh2 names the certificate that it cannot use, and what can', async () => {
  const error = await rejected(whoami({ ansible_connection: 'ssh' }))
  assert.match(error.message, /mine-cert\.pub: certificates take ansible_connection=openssh/)
})

test('a key of a FIDO token is told from a broken one', async () => {
  const body = Buffer.concat([Buffer.from('openssh-key-v1\0'), Buffer.from('sk-ssh-ed25519@openssh.com')])
  writeFileSync(
    path('token'),
    `-----BEGIN OPENSSH PRIVATE KEY-----\n${body.toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`,
    { mode: 0o600 },
  )
  const more = { ansible_ssh_private_key_file: path('token') }
  assert.match((await rejected(whoami(more))).message, /FIDO token, which takes ansible_connection=openssh/)
  assert.ok(needsOpenSsh('db1', { configFile: 'none', identityFiles: [path('token')] }))
})

const settled: readonly (readonly [args: string, kind: string])[] = [
  ['-C', 'ssh'],
  ['-o CertificateFile=c', 'openssh'],
  ['-o GSSAPIAuthentication=yes', 'openssh'],
  ['-o GSSAPIAuthentication=no', 'ssh'],
  ['-I token.so', 'openssh'],
]
for (const [args, kind] of settled)
  test(`smart is ${kind} with ${args}`, () =>
    assert.is(connectionSettings('db1', { ansible_connection: 'smart', ansible_ssh_common_args: args }).kind, kind))

const configs: readonly (readonly [config: string, needed: boolean])[] = [
  ['Compression yes', false],
  ['Match exec "true"\n  Port 1', true],
  ['Match host other\n  Port 1', false],
  ['GSSAPIAuthentication yes', true],
  ['CertificateFile ~/c', true],
  ['KexAlgorithms sntrup761x25519-sha512@openssh.com', true],
  ['KexAlgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256', false],
  ['HostKeyAlgorithms +ssh-rsa', false],
]
for (const [config, needed] of configs)
  test(`smart reads the configuration: ${JSON.stringify(config)}`, () => {
    writeFileSync(path('config'), `${config}\nIdentityFile none\nUserKnownHostsFile none\nGlobalKnownHostsFile none\n`)
    assert.is(needsOpenSsh('db1', { configFile: path('config') }), needed)
  })

test('a host that has post-quantum key exchange only is named by ssh, and reached by smart', async () => {
  const host = await startSshd('KexAlgorithms sntrup761x25519-sha512@openssh.com')
  try {
    const more = { ...host.vars, ansible_user: user.name }
    const error = await rejected(whoami({ ...more, ansible_connection: 'ssh' }))
    assert.match(error.next ?? '', /ansible_connection=openssh/)
    assert.is(await whoami({ ...more, ansible_connection: 'smart' }), user.name)
  } finally {
    await host.stop()
  }
})

test.run()
