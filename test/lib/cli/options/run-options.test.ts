import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseOptions } from '../../../../lib/cli/options/options.ts'
import { playbookOptions } from '../../../../lib/cli/options/playbook-options.ts'
import { meetsHosts, runOptions } from '../../../../lib/cli/options/run-options.ts'
import { projectAt } from '../../../../lib/cli/project/project.ts'
import { play, playbook } from '../../../../lib/index.ts'
import { runSettings } from '../../../../lib/run/settings.ts'
import { fakeConsole } from '../fake.ts'

const folder = mkdtempSync(join(tmpdir(), 'settings-'))
mkdirSync(join(folder, 'playbooks'))
const file = join(folder, 'playbooks/site.ts')
const hosts = join(folder, 'hosts.ini')
writeFileSync(hosts, '[db]\ndb1\n')
const site = { ...playbook('site', [play('All', { hosts: 'all' })]), file }

async function settings(argv: readonly string[], console = fakeConsole({ cwd: folder })) {
  const given = parseOptions(playbookOptions, argv, console.env)
  const around = { console, project: projectAt(join(folder, 'playbooks'), console), report: () => {} }
  const options = await runOptions(site, given, { ...around, signal: new AbortController().signal })
  return runSettings(site, options, meetsHosts(given))
}

const failure = (argv: readonly string[]) =>
  settings(argv).then(
    () => new Error('nothing was refused') as Error & { next?: string },
    (thrown: Error & { next?: string }) => thrown,
  )

test('everything that may be asked for', async () => {
  const line = `-i ${hosts} -C -D -l db --tags a,b -t c --skip-tags d -e x=1 -f 3 -b --become-user postgres --become-method su -u me -T 5`
  const argv = [...line.split(' '), '--private-key=k', '--start-at-task=Tune', '--host-key-checking=accept-new']
  const found = await settings(argv)
  assert.equal(found.inventory.hosts, ['db1'])
  assert.is(found.playbookDir, join(folder, 'playbooks'))
  assert.ok(found.check && found.diff && !found.forceHandlers)
  assert.equal(found.selection, { limit: 'db', startAtTask: 'Tune', tags: ['a', 'b', 'c'], skipTags: ['d'] })
  assert.equal(found.extraVars, { x: '1' })
  assert.is(found.forks, 3)
  assert.equal(found.become, { become: true, user: 'postgres', method: 'su' })
  const { kinds, ...connection } = found.connection
  assert.equal(kinds, {})
  assert.equal(connection, { user: 'me', privateKeyFile: 'k', timeout: 5, hostKeyChecking: 'accept-new' })
})

test('nothing asked for gives the defaults', async () => {
  const found = await settings(['-i', 'db1,'])
  assert.equal(found.connection, { kinds: {} })
  assert.equal(found.become, {})
  assert.equal(found.selection, { tags: [], skipTags: [] })
  assert.is(found.forks, 50)
  assert.is(found.confirm, undefined)
})

test('Ansible’s environment says how to connect', async () => {
  const env = {
    ANSIBLE_HOST_KEY_CHECKING: 'false',
    ANSIBLE_SSH_ARGS: '-o IdentitiesOnly=yes',
    ANSIBLE_INVENTORY: hosts,
  }
  const found = await settings(['--ssh-common-args', '-o ProxyJump=gate'], fakeConsole({ cwd: folder, env }))
  assert.equal(found.connection, {
    kinds: {},
    sshArgs: '-o IdentitiesOnly=yes',
    sshCommonArgs: '-o ProxyJump=gate',
    hostKeyChecking: false,
  })
})

test('the default inventory is the one package.json names', async () => {
  assert.is((await failure([])).message, 'there is no inventory')
  writeFileSync(join(folder, 'package.json'), '{"hostwright": {"inventory": "hosts.ini"}}')
  assert.equal((await settings([])).inventory.hosts, ['db1'])
  writeFileSync(join(folder, 'package.json'), '{"hostwright": {"inventory": "inventory/lab.ini"}}')
  const error = await failure([])
  assert.is(error.message, 'the default inventory inventory/lab.ini does not exist')
  assert.match(error.next ?? '', 'hostwright lab up')
})

test('passwords are asked for once, and never for a listing', async () => {
  const console = fakeConsole({ cwd: folder, answers: ['login-pw', ''] })
  const found = await settings(['-i', 'db1,', '-k', '-K'], console)
  assert.equal(console.asked, ['SSH password: ', 'BECOME password[defaults to SSH password]: '])
  assert.is(found.connection.password?.reveal(), 'login-pw')
  assert.is(found.become.password?.reveal(), 'login-pw')
  const quiet = fakeConsole({ cwd: folder })
  await settings(['-i', 'db1,', '-K', '--list-tasks'], quiet)
  assert.equal(quiet.asked, [])
})

test('passwords from files and programs', async () => {
  writeFileSync(join(folder, 'pw'), 'from-file\n')
  writeFileSync(join(folder, 'pw.sh'), '#!/bin/sh\necho from-program\n')
  chmodSync(join(folder, 'pw.sh'), 0o755)
  const argv = ['-i', 'db1,', '--become-password-file', 'pw', '--connection-password-file', 'pw.sh']
  const found = await settings(argv)
  assert.is(found.become.password?.reveal(), 'from-file')
  assert.is(found.connection.password?.reveal(), 'from-program')
  assert.match((await failure(['-i', 'db1,', '--become-password-file', 'nope'])).message, /nope does not exist/)
})

test('--step asks Ansible’s question until it is answered', async () => {
  const console = fakeConsole({ cwd: folder, answers: ['what', 'y', 'c', ''] })
  const { confirm } = await settings(['-i', 'db1,', '--step'], console)
  assert.equal([await confirm?.('Tune'), await confirm?.('x'), await confirm?.('x')], ['yes', 'continue', 'no'])
  assert.is(console.asked[0], 'Perform task: TASK: Tune (N)o/(y)es/(c)ontinue: ')
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
