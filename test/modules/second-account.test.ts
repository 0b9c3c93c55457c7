// needs: busybox openssh-client
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, mkdirSync, readFileSync, readlinkSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { authorized_key } from '../../modules/authorized_key.ts'
import { file } from '../../modules/file.ts'
import { known_hosts } from '../../modules/known_hosts.ts'
import { ssh_keypair } from '../../modules/ssh_keypair.ts'
import type { kinds } from '../lib/host/files/hosts-here.ts'
import { withSecondAccount, withVictim, type SecondAccount, type Victim } from '../lib/host/files/second-account.ts'
import type { Host } from '../../lib/host/host.ts'
import { onHost } from './on-host.ts'
import { refusal, runCall } from '../../lib/testing/index.ts'

const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'

interface Case {
  readonly host: Host
  readonly bob: SecondAccount
  readonly victim: Victim
}

/** The body must leave root's folder as it was. */
function onEach(title: string, only: readonly (typeof kinds)[number][], body: (one: Case) => Promise<void>): void {
  for (const kind of only)
    test(`${kind}: ${title}`, () =>
      withVictim((victim) =>
        withSecondAccount('plant', (bob) =>
          onHost(kind, async (host) => {
            const before = victim.look()
            await body({ host, bob, victim })
            assert.is(victim.look(), before)
          }),
        ),
      ))
}

// There is no ssh-keygen among busybox's tools.
onEach(
  'ssh_keypair: a .pub made a link to a file of root is replaced, and that file is left alone',
  ['gnu'],
  async (one) => {
    const { host, bob, victim } = one
    const path = join(bob.home, '.ssh/id_ed25519')
    const call = ssh_keypair({ path, owner: bob.name, group: bob.name, comment: 'bob' })
    assert.is((await runCall(host, call)).changed, true)
    assert.is((await runCall(host, call)).changed, false)
    const pub = readFileSync(`${path}.pub`, 'utf8')
    bob.run(`ln -sf ${victim.file} .ssh/id_ed25519.pub`)
    assert.is((await runCall(host, call)).changed, true)
    assert.is(lstatSync(`${path}.pub`).isFile(), true)
    assert.is(readFileSync(`${path}.pub`, 'utf8'), pub)
    bob.run(`ln -sf ${victim.file} .ssh/id_ed25519.pub`)
    const owner = ssh_keypair({ path, owner: bob.name, mode: '0600', comment: 'another' })
    assert.is((await runCall(host, owner)).changed, true)
    assert.match(readFileSync(`${path}.pub`, 'utf8'), / another\n$/)
    assert.is((await runCall(host, owner)).changed, false)
    assert.is(statSync(path).uid, bob.uid)
  },
)

onEach(
  'ssh_keypair: a key made a link to a file of root, or in a folder that is one, is refused',
  ['gnu'],
  async (one) => {
    const { host, bob, victim } = one
    bob.run(`mkdir .ssh; ln -s ${victim.file} .ssh/id_ed25519`)
    const path = join(bob.home, '.ssh/id_ed25519')
    const call = ssh_keypair({ path, owner: bob.name })
    assert.match(await refusal(host, call), 'another account may have put it there')
    bob.run(`rm .ssh/id_ed25519; rmdir .ssh; ln -s ${victim.folder} .ssh`)
    assert.match(await refusal(host, call), 'another account may have put it there')
    // What others left under the name of a temporary key is not written to.
    bob.run(`rm .ssh; mkdir .ssh; ln -s ${victim.folder}/new .ssh/id_ed25519.hostwright-new`)
    assert.is((await runCall(host, call)).changed, true)
    assert.is(execFileSync('ssh-keygen', ['-y', '-f', path]).length > 0, true)
  },
)

onEach(
  'authorized_key: a .ssh made a link to a folder of root is refused, and the folder is left alone',
  ['gnu', 'busybox'],
  async (one) => {
    const { host, bob, victim } = one
    bob.run(`ln -s ${victim.folder} .ssh`)
    const call = authorized_key({ user: bob.name, key })
    assert.match(await refusal(host, call), `${bob.home}/.ssh is a link to ${victim.folder}`)
    bob.run('rm .ssh; mkdir dotfiles; ln -s dotfiles .ssh')
    assert.is((await runCall(host, call)).changed, true)
    assert.is((await runCall(host, call)).changed, false)
    assert.match(readFileSync(join(bob.home, 'dotfiles/authorized_keys'), 'utf8'), key)
    assert.is(readlinkSync(join(bob.home, '.ssh')), 'dotfiles')
  },
)

onEach(
  'authorized_key: a file made a link to one of root is not read for the user',
  ['gnu', 'busybox'],
  async (one) => {
    const { host, bob, victim } = one
    bob.run(`mkdir -m 700 .ssh; ln -s ${victim.file} .ssh/authorized_keys`)
    for (const follow of [false, true])
      assert.match(await refusal(host, authorized_key({ user: bob.name, key, follow })), 'another account')
    assert.is(readlinkSync(join(bob.home, '.ssh/authorized_keys')), victim.file)
  },
)

onEach('known_hosts: a .ssh made a link to a folder of root is refused', ['gnu', 'busybox'], async (one) => {
  const { host, bob, victim } = one
  bob.run(`ln -s ${victim.folder} .ssh`)
  const call = known_hosts({ name: 'db1', key: `db1 ${key}`, path: join(bob.home, '.ssh/known_hosts') })
  assert.match(await refusal(host, call), 'another account may have put it there')
  bob.run('rm .ssh; mkdir .ssh')
  assert.is((await runCall(host, call)).changed, true)
  assert.is(existsSync(join(bob.home, '.ssh/known_hosts')), true)
})

onEach('a link that root made in a folder of root is followed', ['gnu', 'busybox'], async (one) => {
  const { host, bob, victim } = one
  const folder = `${victim.folder}-links`
  mkdirSync(join(folder, 'real'), { recursive: true })
  chmodSync(folder, 0o755)
  try {
    symlinkSync('real', join(folder, 'ssh'))
    const path = join(folder, 'ssh/authorized_keys')
    assert.is((await runCall(host, authorized_key({ user: bob.name, key, path }))).changed, true)
    assert.is(statSync(join(folder, 'real/authorized_keys')).uid, bob.uid)
    assert.is(
      (await runCall(host, file({ path: join(folder, 'ssh'), owner: bob.name, state: 'directory' }))).changed,
      true,
    )
    assert.is(statSync(join(folder, 'real')).uid, bob.uid)
  } finally {
    execFileSync('rm', ['-rf', folder])
  }
})

test.run()
