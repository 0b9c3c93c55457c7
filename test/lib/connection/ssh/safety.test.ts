// needs: openssh-server openssh-client
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, copyFileSync, existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connect, connectionSettings } from '../../../../lib/connection/index.ts'
import { readSshArgs } from '../../../../lib/connection/settings/ssh-args.ts'
import { sshConfigOf } from '../../../../lib/connection/settings/ssh-config.ts'
import { harmlessKeywords, honouredKeywords } from '../../../../lib/connection/settings/ssh-keywords.ts'
import { sshTarget } from '../../../../lib/connection/settings/ssh-target.ts'
import { refusedKeywords, unsupportedBySsh2 } from '../../../../lib/connection/settings/ssh-unsupported.ts'
import { raw } from '../../../../lib/quote.ts'
import { rejected } from '../outcome.ts'
import { startSshd, type Sshd } from '../sshd.ts'

let sshd: Sshd
let agent: ReturnType<typeof spawn>
const path = (name: string) => join(sshd.folder, name)
test.before(async () => {
  sshd = await startSshd()
  agent = spawn('ssh-agent', ['-D', '-a', path('agent')], { stdio: 'ignore' })
  while (!existsSync(path('agent'))) await new Promise((resolve) => setTimeout(resolve, 20))
})
test.after(async () => {
  agent.kill()
  await once(agent, 'exit')
  await sshd.stop()
})

/** What a script says over a login to this sshd, or another, with more arguments in front of the usual ones: the first counts. */
async function said(script: string, more: string, vars: Record<string, unknown> = {}, to = sshd): Promise<string> {
  const args = `${more} ${String(to.vars['ansible_ssh_common_args'])}`
  const connection = await connect(connectionSettings('db1', { ...to.vars, ...vars, ansible_ssh_common_args: args }))
  try {
    return (await connection.exec(raw(script))).stdout.toString().trim()
  } finally {
    await connection.close()
  }
}

const lent = 'echo "${SSH_AUTH_SOCK:+lent}"'
for (const [value, answer] of Object.entries({ no: '', false: '', FALSE: '', yes: 'lent', true: 'lent' }))
  test(`ForwardAgent=${value} lends the agent only where it says so`, async () =>
    assert.is(await said(lent, `-o IdentityAgent=${path('agent')} -o ForwardAgent=${value}`), answer))

test('ForwardAgent lends the agent that it names, by path or by variable, and no other', async () => {
  assert.is(await said(lent, `-o ForwardAgent=${path('agent')}`), 'lent')
  process.env['HWT_AGENT'] = path('agent')
  try {
    assert.is(await said(lent, "-o 'ForwardAgent=$HWT_AGENT'"), 'lent')
  } finally {
    delete process.env['HWT_AGENT']
  }
  assert.is(await said(lent, "-o 'ForwardAgent=$HWT_AGENT'"), '')
  assert.throws(() => readSshArgs("-o 'ForwardAgent=$(id)'"), /ForwardAgent/)
})

const names: readonly (readonly [vars: Record<string, unknown>, refused: RegExp])[] = [
  ...['$(touch${IFS}/tmp/x)', '-oProxyCommand=x', 'a`id`', 'a;b', 'a b', 'a\nb', "a'b"].map(
    (name) => [{ ansible_host: name }, /host name/] as const,
  ),
  ...['-l', 'a;id', 'a$(id)', 'a -oX', 'a\\', 'a\u0007'].map((name) => [{ ansible_user: name }, /user/] as const),
  [{ ansible_ssh_common_args: "-J 'a;b'" }, /host name/],
  [{ ansible_ssh_common_args: "-J '$(id)@a'" }, /user/],
  [{ ansible_ssh_common_args: '-J a:99999' }, /port/],
  [{ ansible_ssh_common_args: '-J -oProxyCommand=x' }, /host name/],
  [{ ansible_connection: 'docker', ansible_host: '-v/:/x' }, /host name/],
]
for (const [vars, refused] of names)
  test(`a name that could become a command is refused before a host is touched: ${JSON.stringify(vars)}`, () =>
    assert.throws(() => connectionSettings('db1', vars), refused))

test('names that ssh takes are taken', () => {
  for (const host of ['fe80::1%eth0', 'db_1.example.com']) connectionSettings('db1', { ansible_host: host })
  for (const user of ['DOM\\me', 'me@example.com', 'a b$']) connectionSettings('db1', { ansible_user: user })
})

test('the name of a host runs nothing through a ProxyCommand', async () => {
  const never = path('never')
  const vars = {
    ansible_host: `$(touch\${IFS}${never})`,
    ansible_ssh_common_args: "-F none -o 'ProxyCommand=true %h %p'",
  }
  const error = await rejected(Promise.resolve().then(() => connect(connectionSettings('db1', vars))))
  assert.not(existsSync(never))
  assert.is(error.kind, 'input')
})

test('no method that is switched off, or not preferred, is tried', async () => {
  const off = '-o PasswordAuthentication=no -o KbdInteractiveAuthentication=no -o PubkeyAuthentication=no'
  assert.match((await rejected(said('true', off, { ansible_password: 'x' }))).message, /nothing to log in with/)
  const publickey = '-o PreferredAuthentications=publickey -o IdentityFile=none'
  const vars = { ansible_password: 'x', ansible_ssh_private_key_file: undefined }
  assert.not.match((await rejected(said('true', publickey, vars))).message, /the password/)
})

test('a private key that others may use is ignored, as OpenSSH does', async () => {
  const key = path('exposed')
  copyFileSync(sshd.key, key)
  for (const mode of [0o644, 0o660, 0o602]) {
    chmodSync(key, mode)
    const error = await rejected(said('true', '', { ansible_ssh_private_key_file: key }))
    assert.match(error.message, /exposed is ignored, because others may read or write it/)
  }
  chmodSync(key, 0o600)
  assert.is(await said('echo in', '', { ansible_ssh_private_key_file: key }), 'in')
})

test('an included configuration that others may write is refused, as OpenSSH does', () => {
  writeFileSync(path('included'), 'Port 99\n')
  writeFileSync(path('config'), `Include ${path('included')}\n`)
  chmodSync(path('included'), 0o666)
  const openSsh = () => execFileSync('ssh', ['-G', '-F', path('config'), 'x'], { encoding: 'utf8', stdio: 'pipe' })
  assert.throws(openSsh, /Bad owner or permissions/)
  assert.throws(() => sshTarget('x', { configFile: path('config') }), /may be written by others/)
  chmodSync(path('included'), 0o644)
  assert.match(openSsh(), /^port 99$/m)
  assert.is(sshTarget('x', { configFile: path('config') }).port, 99)
})

const asked: readonly (readonly [config: string, refused: readonly string[]])[] = [
  ['VerifyHostKeyDNS yes', ['verifyhostkeydns']],
  ['VerifyHostKeyDNS no', []],
  ['KnownHostsCommand /bin/keys %H', ['knownhostscommand']],
  ['CertificateFile ~/.ssh/c', ['certificatefile']],
  ['GSSAPIAuthentication yes', ['gssapiauthentication']],
  ['CanonicalizeHostname no', []],
  ['CanonicalizeHostname always', ['canonicalizehostname']],
  ['CheckHostIP yes', ['checkhostip']],
  ['Match exec "true"\n  Port 1', ['match exec']],
  ['Match host db1\n  Port 1', []],
  ['LocalForward 1 a:1', []],
]
for (const [config, refused] of asked)
  test(`what ssh2 cannot do is named, and what asks for nothing is not: ${config}`, () => {
    const found = unsupportedBySsh2(sshConfigOf(config, 'db1')).map(({ name }) => name.toLowerCase())
    assert.equal(found, refused)
  })

test('what a distribution turns on for everybody is passed over; an argument is refused, with who can', () => {
  assert.equal(unsupportedBySsh2(sshConfigOf('GSSAPIAuthentication yes', 'db1', undefined, 'system')), [])
  assert.throws(
    () => connectionSettings('db1', { ansible_ssh_common_args: '-o VerifyHostKeyDNS=yes' }),
    (error: { message: string; next?: string }) =>
      /VerifyHostKeyDNS yes/.test(error.message) && /ansible_connection=openssh/.test(error.next ?? ''),
  )
})

test('a misspelt option is refused, unless IgnoreUnknown names it', () => {
  assert.throws(() => sshConfigOf('RevokdHostKeys x', 'db1'), /revokdhostkeys/i)
  assert.equal(sshConfigOf('IgnoreUnknown Revokd*\nRevokdHostKeys x', 'db1'), {})
})

test('every keyword of OpenSSH is honoured, harmless or refused, and only one of them', () => {
  const printed = execFileSync('ssh', ['-G', '-F', 'none', 'x'], { encoding: 'utf8', stdio: 'pipe' })
  // One of them is printed with a capital letter inside.
  const listed = printed.split('\n').map((line) => (line.split(' ')[0] ?? '').toLowerCase())
  const page = '/usr/share/man/man5/ssh_config.5.gz'
  const manual = existsSync(page) ? execFileSync('zcat', [page], { encoding: 'utf8' }) : ''
  // Keywords begin with a capital letter there, and their values do not.
  const written = [...manual.matchAll(/^\.It Cm ([A-Z]\w+)/gm)].map(([, name = '']) => name.toLowerCase())
  const structure = new Set(['host', 'match', 'include', ''])
  const tables = [honouredKeywords, harmlessKeywords, refusedKeywords]
  const wrong = [...new Set([...listed, ...written, ...tables.flatMap((table) => [...table])])].filter(
    (name) => !structure.has(name) && tables.filter((table) => table.has(name)).length !== 1,
  )
  assert.equal(wrong, [])
  assert.ok(listed.length > 60, 'ssh -G lists its options')
})

test('no SHA-1 and no compression is agreed to unless asked for', async () => {
  const weak: readonly (readonly [server: string, ask: string])[] = [
    ['MACs hmac-sha1\nCiphers aes256-ctr', '-o MACs=+hmac-sha1'],
    ['KexAlgorithms diffie-hellman-group14-sha1', '-o KexAlgorithms=+diffie-hellman-group14-sha1'],
  ]
  for (const [server, ask] of weak) {
    const old = await startSshd(server)
    try {
      assert.match((await rejected(said('true', '', {}, old))).message, /no matching/i)
      assert.is(await said('echo in', ask, {}, old), 'in')
    } finally {
      await old.stop()
    }
  }
  assert.is(await said('echo in', '-o Compression=yes'), 'in')
})

test.run()
