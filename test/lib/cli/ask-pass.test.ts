// needs: openssh-server openssh-client
/** The password that `-k` asks for, or that a file holds, reaches a real sshd. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseOptions } from '../../../lib/cli/options/options.ts'
import { playbookOptions } from '../../../lib/cli/options/playbook-options.ts'
import { runPlaybooks } from '../../../lib/cli/run.ts'
import { play, playbook } from '../../../lib/index.ts'
import { command } from '../../../modules/command.ts'
import { startSshd, type Sshd } from '../connection/sshd.ts'
import { temporaryUser, type TemporaryUser } from '../connection/user.ts'
import { scratch } from '../engine/support.ts'
import { fakeConsole } from './fake.ts'

let sshd: Sshd
let user: TemporaryUser
test.before(async () => {
  sshd = await startSshd('PasswordAuthentication yes\nPubkeyAuthentication no')
  user = temporaryUser('ask-pass')
})
test.after(async () => {
  user.remove()
  await sshd.stop()
})

/** Asks the host who we are there, with no password in the inventory. */
async function whoami(argv: readonly string[], answers: readonly string[] = [], vars = '') {
  const folder = scratch()
  const inventory = join(folder, 'hosts.ini')
  const ssh = `-F none -o IdentityAgent=none -o ControlPersist=no -o UserKnownHostsFile=${sshd.knownHosts} -o GlobalKnownHostsFile=none`
  const host = `db1 ansible_host=127.0.0.1 ansible_port=${sshd.port} ansible_user=${user.name}`
  writeFileSync(inventory, `${host} ansible_ssh_common_args="${ssh}" ${vars}\n`)
  const site = playbook('site', [
    play('One', { hosts: 'db1' }).task('Who', () => command({ argv: ['id', '-un'] }), { changed_when: () => false }),
  ])
  const console = fakeConsole({ answers, cwd: folder })
  const given = parseOptions(playbookOptions, ['-i', inventory, '-v', ...argv], {})
  const file = join(folder, 'site.ts')
  const code = await runPlaybooks([{ file, load: () => Promise.resolve({ ...site, file }) }], given, console)
  rmSync(folder, { recursive: true })
  return { code, asked: console.asked, text: console.told.out + console.told.err }
}

test('-k asks for the password once, and logs in with it', async () => {
  const { code, asked, text } = await whoami(['-k'], [user.password.reveal()])
  assert.is(code, 0, text)
  assert.match(text, `"stdout": "${user.name}"`)
  assert.equal(asked, ['SSH password: '])
  assert.not.match(text, user.password.reveal())
})

test('--connection-password-file does the same', async () => {
  const folder = scratch()
  const file = join(folder, 'password')
  writeFileSync(file, `${user.password.reveal()}\n`, { mode: 0o600 })
  const { code, text } = await whoami(['--connection-password-file', file])
  assert.is(code, 0, text)
  assert.match(text, `"stdout": "${user.name}"`)
})

test('a password in the inventory wins over the one that was asked for, as in Ansible', async () => {
  const { code, text } = await whoami(['-k'], ['not the password'], `ansible_password='${user.password.reveal()}'`)
  assert.is(code, 0, text)
})

test('a wrong answer is told as a refused password', async () => {
  const { code, text } = await whoami(['-k'], ['not the password'])
  assert.is(code, 4, text)
  assert.match(text, /refused: .*the password/)
  assert.not.match(text, 'not the password')
})

test.run()
