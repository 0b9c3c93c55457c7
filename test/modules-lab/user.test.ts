import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Host } from '../../lib/host/host.ts'
import { raw } from '../../lib/quote.ts'
import { Secret } from '../../lib/secret.ts'
import { group } from '../../modules/group.ts'
import { ssh_keypair } from '../../modules/ssh_keypair.ts'
import { user } from '../../modules/user.ts'
import { labHost } from './on-lab-host.ts'
import { prove, runCall } from '../../lib/testing/index.ts'

const { lab, asRoot, asAdmin } = await labHost({ id: 'm-user' })
const ask = async (host: Host, script: string): Promise<string> => (await host.ask(raw(script))).stdout.trim()
const hash = '$6$saltsalt$BJ0YQjcNcT2GD6iKzqoGK1Kyc5bQBS9ndQ0sEzrqxQ0'

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  return assert.unreachable('it should have failed') as never
}

for (const { name, params } of group.definition.examples)
  test(`group: "${name}" is predicted, changes once, then nothing`, () =>
    asRoot(async (host) => void (await prove(host, group(params)))))
for (const { name, params } of user.definition.examples)
  test(`user: "${name}" is predicted, changes once, then nothing`, () =>
    asRoot(async (host) => void (await prove(host, user(params)))))
test('ssh_keypair: its examples are predicted, change once, then nothing', () =>
  asRoot(async (host) => {
    await ask(host, 'rm -rf /root/.ssh')
    for (const { params } of ssh_keypair.definition.examples) await prove(host, ssh_keypair(params))
  }))

test('every attribute can be changed, one by one', () =>
  asRoot(async (host) => {
    await ask(host, 'groupadd alpha; groupadd beta')
    await prove(host, user({ name: 'dora', groups: ['alpha'], password: new Secret(hash) }))
    const changes = [
      { uid: 4711 },
      { group: 'beta' },
      { groups: ['alpha', 'adm'] },
      { groups: ['beta', 'users'], append: true },
      { groups: [] },
      { comment: 'Dora  "the" Example; $(reboot) `id`' },
      { shell: '/bin/bash' },
      { home: '/srv/dora', move_home: true },
      { expires: 1893456000 },
      { expires: -1 },
      { password_lock: true },
      { password_lock: false },
      { password: new Secret(`${hash}x`) },
    ]
    for (const change of changes) await prove(host, user({ name: 'dora', ...change }))
    assert.is(
      await ask(host, 'getent passwd dora'),
      'dora:x:4711:1002:Dora  "the" Example; $(reboot) `id`:/srv/dora:/bin/bash'.replace(
        '1002',
        await ask(host, 'getent group beta | cut -d: -f3'),
      ),
    )
    assert.is(await ask(host, 'getent shadow dora | cut -d: -f2'), `${hash}x`)
    assert.is(
      (await runCall(host, user({ name: 'dora', password: new Secret(hash), update_password: 'on_create' }))).changed,
      false,
    )
    await prove(host, user({ name: 'dora', state: 'absent', remove: true, force: true }))
    assert.is(await ask(host, 'ls -d /srv/dora 2>/dev/null'), '')
  }))

test('neither a diff nor an argument list shows the password', () =>
  asRoot(async (host) => {
    await ask(
      host,
      `mv /usr/sbin/useradd /usr/sbin/useradd.real; printf '#!/bin/sh\\nps -eo args >/tmp/seen\\nexec /usr/sbin/useradd.real "$@"\\n' >/usr/sbin/useradd; chmod 755 /usr/sbin/useradd`,
    )
    const { diff } = await prove(host, user({ name: 'emil', password: new Secret(hash) }))
    await ask(host, 'mv /usr/sbin/useradd.real /usr/sbin/useradd')
    assert.not.match(JSON.stringify(diff), hash)
    assert.is(await ask(host, `grep -c saltsalt /tmp/seen`), '0')
    assert.is(await ask(host, 'getent shadow emil | cut -d: -f2'), hash)
  }))

test('a group of the same name becomes the primary one', () =>
  asRoot(async (host) => {
    await prove(host, group({ name: 'fritz' }))
    await prove(host, user({ name: 'fritz' }))
    assert.is(await ask(host, 'id -gn fritz'), 'fritz')
  }))

test('a system account has a number of the system range and no home if none is wanted', () =>
  asRoot(async (host) => {
    await prove(
      host,
      user({ name: 'gerd', system: true, create_home: false, home: '/var/lib/gerd', shell: '/usr/sbin/nologin' }),
    )
    const state = await host.users.user('gerd')
    assert.ok(state !== undefined && state.uid < 1000)
    assert.is(await ask(host, 'ls -d /var/lib/gerd 2>/dev/null'), '')
  }))

test('accounts asked for together are told as if each were asked for alone, and with the groups that id tells', async () => {
  for (const as of [asRoot, asAdmin])
    await as(async (host) => {
      const names = [...(await ask(host, 'cut -d: -f1 /etc/passwd')).split('\n'), 'nosuch', '0', "o'dd"]
      const groups = [...(await ask(host, 'cut -d: -f1 /etc/group')).split('\n'), 'nosuch', '0']
      const users = await Promise.all(names.map((name) => host.users.user(name)))
      for (const [i, name] of names.entries()) assert.equal(await host.users.user(name), users[i], name)
      const known = users.filter((one) => one !== undefined)
      assert.is(known.length, names.length - 3)
      for (const { name, group: primary, groups: others } of known)
        assert.equal([primary, ...others].sort(), (await ask(host, `id -Gn ${name}`)).split(' ').sort(), name)
      const together = await Promise.all(groups.map((name) => host.users.group(name)))
      for (const [i, name] of groups.entries()) assert.equal(await host.users.group(name), together[i], name)
    })
})

test('what the host would refuse later is refused in the plan', () =>
  asRoot(async (host) =>
    assert.match(await failure(runCall(host, user({ name: 'hans', groups: ['nosuch'] }))), 'no group nosuch'),
  ))

test('what the host refuses is told in its own words', () =>
  asRoot(async (host) => assert.match(await failure(runCall(host, user({ name: 'hans', uid: 0 }))), 'not unique')))

test('without root the error says so, and a password that cannot be read counts as different', () =>
  asAdmin(async (host) => {
    assert.match(await failure(runCall(host, user({ name: 'ida' }))), 'Permission denied')
    assert.is((await host.users.user('admin'))?.passwordHash, undefined)
  }))

test('a key pair stays, is replaced, or is an error, as regenerate says', () =>
  asRoot(async (host) => {
    const path = '/root/.ssh/id_test'
    await prove(host, ssh_keypair({ path, comment: 'one' }))
    const key = await ask(host, `cat ${path}`)
    assert.is((await runCall(host, ssh_keypair({ path }))).changed, false)
    assert.is((await runCall(host, ssh_keypair({ path, type: 'rsa', regenerate: 'never' }))).changed, false)
    assert.match(
      await failure(runCall(host, ssh_keypair({ path, type: 'rsa', regenerate: 'fail' }))),
      'not rsa of 4096',
    )
    await ask(host, `chmod 644 ${path}`)
    await prove(host, ssh_keypair({ path, mode: '0600' }))
    await ask(host, `rm ${path}.pub`)
    const { result } = await prove(host, ssh_keypair({ path }))
    assert.is(await ask(host, `cut -d' ' -f1,2 ${path}.pub`), result.public_key)
    assert.is(await ask(host, `ssh-keygen -lf ${path}.pub | cut -d' ' -f2`), result.fingerprint)
    assert.is(await ask(host, `cat ${path}`), key)
    await ask(host, `ssh-keygen -q -p -P '' -N secret -f ${path}`)
    assert.match(await failure(runCall(host, ssh_keypair({ path }))), 'passphrase')
    await prove(
      host,
      ssh_keypair({ path, type: 'ecdsa', regenerate: 'full_idempotence', owner: 'admin', group: 'admin' }),
    )
    assert.is(await ask(host, `stat -c '%U %a' ${path} ${path}.pub`), 'admin 600\nadmin 644')
  }))

test.after(() => lab.down())
test.run()
