// needs: busybox openssh-client
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../lib/host/host.ts'
import type { UserState } from '../../lib/host/users/users.ts'
import { authorized_key } from '../../modules/authorized_key.ts'
import { known_hosts } from '../../modules/known_hosts.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { onHost, proveIn } from './on-host.ts'
import { prove, refusal, runCall } from '../../lib/testing/index.ts'

for (const kind of kinds) {
  for (const { name, params } of known_hosts.definition.examples)
    test(`${kind}: known_hosts: ${name}`, () =>
      onHost(kind, (host, folder) => proveIn(host, folder, known_hosts, params)))
  for (const { name, params } of authorized_key.definition.examples)
    test(`${kind}: authorized_key: ${name}`, () =>
      onHost(kind, (host, folder) => proveIn(host, folder, authorized_key, params)))
}

const blob = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'
const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAzZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'

test('known_hosts: ssh-keygen finds what was written, and no longer what was taken away', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'sub', 'known_hosts')
    const find = (name: string) => {
      try {
        return execFileSync('ssh-keygen', ['-F', name, '-f', path], { stdio: 'pipe' }).toString()
      } catch {
        return ''
      }
    }
    await prove(host, known_hosts({ name: 'db1', key: `db1,192.0.2.1 ${blob}`, path }))
    assert.match(find('192.0.2.1'), blob)
    await prove(host, known_hosts({ name: '[db2]:2222', key: `[db2]:2222 ${blob}`, path, hash_host: true }))
    assert.match(find('[db2]:2222'), blob)
    assert.is(readFileSync(path, 'utf8').includes('db2'), false)
    await prove(host, known_hosts({ name: 'db1', key: `db1 ${other}`, path }))
    assert.match(find('db1'), other)
    assert.match(find('192.0.2.1'), blob)
    await prove(host, known_hosts({ name: '[db2]:2222', path, state: 'absent' }))
    assert.is(find('[db2]:2222'), '')
    const gone = known_hosts({ name: 'db1', path: join(folder, 'none'), state: 'absent' })
    assert.is((await runCall(host, gone)).changed, false)
  }))

test('known_hosts: a key for another host is refused', () =>
  onHost('gnu', async (host, folder) => {
    const path = join(folder, 'known_hosts')
    assert.match(await refusal(host, known_hosts({ name: 'db1', key: `db2 ${blob}`, path })), 'is for db2, not for db1')
    assert.match(await refusal(host, known_hosts({ name: 'db1', key: 'nonsense', path })), 'lines of known_hosts')
    assert.match(await refusal(host, known_hosts({ name: 'db1', path })), '"key" is required')
    assert.is(existsSync(path), false)
  }))

/** The host with one more user, whose home is in the test's folder. */
function withUser(host: Host, home: string): Host {
  const anna: UserState = { name: '12', uid: 12, gid: 13, group: '13', groups: [], comment: '', home, shell: '/bin/sh' }
  return {
    ...host,
    users: { ...host.users, user: (name) => (name === 'anna' ? Promise.resolve(anna) : host.users.user(name)) },
  }
}

test('authorized_key: the folder and the file are the user’s alone', () =>
  onHost('gnu', async (bare, folder) => {
    const host = withUser(bare, folder)
    const path = join(folder, '.ssh/authorized_keys')
    const call = authorized_key({ user: 'anna', key: `${blob} anna@home\n# a comment\n${other}\n` })
    assert.is((await runCall(host, call)).changed, true)
    assert.is((await runCall(host, call)).changed, false)
    assert.is(readFileSync(path, 'utf8'), `${blob} anna@home\n${other}\n`)
    assert.equal(
      [join(folder, '.ssh'), path].map((one) => [
        statSync(one).uid,
        statSync(one).gid,
        (statSync(one).mode & 0o777).toString(8),
      ]),
      [
        [12, 13, '700'],
        [12, 13, '600'],
      ],
    )
    execFileSync('chmod', ['755', join(folder, '.ssh')])
    const mended = await runCall(host, call)
    assert.equal(mended.diff, [{ of: join(folder, '.ssh'), before: { mode: '0755' }, after: { mode: '0700' } }])
    const alone = await runCall(
      host,
      authorized_key({ user: 'anna', key: [other], exclusive: true, key_options: 'restrict' }),
    )
    assert.equal(alone.diff, [{ of: path, before: `${blob} anna@home\n${other}\n`, after: `restrict ${other}\n` }])
    await runCall(host, authorized_key({ user: 'anna', key: other, state: 'absent' }))
    assert.is(readFileSync(path, 'utf8'), '')
  }))

test('authorized_key: a link put there by the user is replaced, not followed', () =>
  onHost('gnu', async (bare, folder) => {
    const host = withUser(bare, folder)
    mkdirSync(join(folder, '.ssh'))
    writeFileSync(join(folder, 'precious'), 'precious\n')
    symlinkSync('../precious', join(folder, '.ssh/authorized_keys'))
    await runCall(host, authorized_key({ user: 'anna', key: blob }))
    assert.is(readFileSync(join(folder, 'precious'), 'utf8'), 'precious\n')
  }))

test('authorized_key: what is no key, and who is no user', () =>
  onHost('gnu', async (host) => {
    assert.match(await refusal(host, authorized_key({ user: 'root', key: 'ssh-ed25519 AAAA' })), 'no whole public key')
    assert.match(
      await refusal(host, authorized_key({ user: 'root', key: 'https://example.org/x.keys' })),
      'not an address',
    )
    assert.match(await refusal(host, authorized_key({ user: 'no-such-user', key: blob })), 'there is no user')
  }))

test.run()
