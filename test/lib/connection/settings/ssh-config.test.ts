import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { connectionSettings } from '../../../../lib/connection/index.ts'
import { expandTokens, sshConfigOf } from '../../../../lib/connection/settings/ssh-config.ts'
import { hopOptions } from '../../../../lib/connection/settings/ssh-hops.ts'
import { sshTarget, type SshTarget } from '../../../../lib/connection/settings/ssh-target.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-config-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))
const path = (name: string) => join(folder, name)

const config = `
# the usual things
Host db1 db2
  HostName 10.0.0.1
  User deploy
  port 2200
  IdentityFile ~/.ssh/db_%r
  ProxyCommand nc -X connect "%h" %p
Host *.example.com !secret.example.com
  ProxyJump jump@bastion:2222
  UserKnownHostsFile ~/.ssh/a ~/.ssh/b
Host *
  User fallback
  StrictHostKeyChecking accept-new
  IgnoreUnknown Something*
  SomethingNew yes
  IdentityFile /etc/key
`

const read: readonly (readonly [host: string, expected: Record<string, unknown>])[] = [
  [
    'db1',
    {
      hostName: '10.0.0.1',
      user: 'deploy',
      port: 2200,
      identityFiles: ['~/.ssh/db_%r', '/etc/key'],
      proxyCommand: 'nc -X connect "%h" %p',
    },
  ],
  ['a.example.com', { user: 'fallback', proxyJump: 'jump@bastion:2222', userKnownHosts: ['~/.ssh/a', '~/.ssh/b'] }],
  ['secret.example.com', { proxyJump: undefined, hostKeyPolicy: 'accept-new' }],
]
for (const [host, expected] of read)
  test(`the configuration of ${host}`, () => {
    const options: Record<string, unknown> = { ...sshConfigOf(config, host) }
    for (const [key, value] of Object.entries(expected)) assert.equal(options[key], value, key)
  })

async function target(host: string, vars: Record<string, unknown>): Promise<SshTarget> {
  const settings = connectionSettings(host, vars)
  if (settings.kind !== 'ssh') throw new Error(settings.kind)
  return sshTarget(host, settings.ssh, settings.connectTimeout)
}

test('variables come before the configuration, and its names are found by ansible_host', async () => {
  writeFileSync(path('config'), config)
  const args = { ansible_ssh_common_args: `-F ${path('config')}` }
  const plain = await target('db1', args)
  assert.equal(
    [plain.address, plain.port, plain.user, plain.proxyCommand],
    ['10.0.0.1', 2200, 'deploy', 'nc -X connect "10.0.0.1" 2200'],
  )
  assert.equal(plain.optionalKeys, [join(homedir(), '.ssh/db_deploy'), '/etc/key'])
  const set = await target('x', { ...args, ansible_host: 'db2', ansible_user: 'me', ansible_private_key_file: '~/k' })
  assert.equal([set.address, set.user], ['10.0.0.1', 'me'])
  assert.equal(set.requiredKeys, [join(homedir(), 'k')])
  assert.equal(set.optionalKeys, [join(homedir(), '.ssh/db_me'), '/etc/key'])
})

test('included files count where they stand, and the section goes on behind them', async () => {
  mkdirSync(path('d'), { recursive: true })
  writeFileSync(path('d/1.conf'), 'Host other\n  User included\nHost db9\n  Port 99\n')
  writeFileSync(
    path('main'),
    `Include d/*.conf\nHost db9\n  Include ${path('none')}\n  User nine\nHost *\n  User all\n`,
  )
  const args = { ansible_ssh_common_args: `-F ${path('main')}` }
  const [nine, other] = await Promise.all([target('db9', args), target('other', args)])
  assert.equal([nine.port, nine.user], [99, 'nine'])
  assert.equal([other.port, other.user], [22, 'included'])
})

test('a configuration file that is named and not there is an input error', async () => {
  const error = await target('x', { ansible_ssh_common_args: '-F /nowhere' }).then(
    () => undefined,
    (thrown: unknown) => thrown as { kind: string; message: string },
  )
  assert.is(error?.kind, 'input')
  assert.match(error?.message ?? '', /\/nowhere/)
})

test('host keys are looked for as OpenSSH names them', async () => {
  const none = { ansible_ssh_common_args: '-F none' }
  assert.is((await target('DB1', none)).hostKeys.name, 'db1')
  const other = (await target('DB1', { ...none, ansible_port: 2222 })).hostKeys
  assert.equal([other.name, other.alsoKnownAs], ['[db1]:2222', 'db1'])
  const alias = await target('db1', { ansible_port: 2222, ansible_ssh_common_args: '-F none -o HostKeyAlias=lab-db1' })
  assert.is(alias.hostKeys.name, 'lab-db1')
})

test('tokens', () => assert.is(expandTokens('%h:%p %% %q', { h: 'a', p: '1' }), 'a:1 % %q'))

const hops: readonly (readonly [hop: string, expected: unknown])[] = [
  ['bastion', { alias: 'bastion' }],
  ['me@bastion:2222', { alias: 'bastion', user: 'me', port: 2222 }],
  ['[::1]:22', { alias: '::1', port: 22 }],
  ['me@::1', { alias: '::1', user: 'me' }],
  ['ssh://me@b:1', { alias: 'b', user: 'me', port: 1 }],
]
for (const [hop, expected] of hops) test(`the hop ${hop}`, () => assert.equal(hopOptions(hop), expected))

test.run()
