// needs: ansible-core
import { chmodSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { Vault } from 'ansible-vault'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError, InputErrors } from '../../../../lib/error.ts'
import { loadInventory, readVaultPassword } from '../../../../lib/inventory/index.ts'
import { listJson } from '../../../../lib/inventory/listing.ts'
import { mask, Secret } from '../../../../lib/secret.ts'
import { ensureAnsible } from '../oracle.ts'
import { type Files, writeFixture } from '../fixture.ts'

const password = 'correct horse'
const encrypted = await new Vault({ password }).encrypt('s3cret-value', '')
const labelled = await new Vault({ password: 'other horse' }).encrypt('labelled-value', 'prod')
const tag = (text: string): string => `!vault |\n${text.replaceAll(/^/gm, '  ')}\n`

function fixture(files: Files): string {
  return writeFixture({ hosts: '[db]\nh\n', ...files })
}

async function refused(work: () => Promise<unknown>): Promise<HostwrightError> {
  const error: unknown = await work().catch((thrown: unknown) => thrown)
  assert.instance(error, HostwrightError)
  return error as HostwrightError
}

test('an encrypted value is plain for the playbook, masked in print, and stays encrypted in listings', async () => {
  const folder = fixture({ 'group_vars/db.yml': `user: app\npassword: ${tag(encrypted)}dsn: "x:{{ password }}@y"\n` })
  const inventory = await loadInventory({
    sources: [join(folder, 'hosts')],
    vaultPasswords: [{ password: new Secret(password) }],
  })
  assert.equal(inventory.vars('h'), { user: 'app', password: 's3cret-value', dsn: 'x:s3cret-value@y' })
  assert.is(mask('say s3cret-value'), 'say ********')
  const listed = JSON.parse(listJson(inventory)) as {
    _meta: { hostvars: { h: { password: { __ansible_vault: string } } } }
  }
  assert.match(listed._meta.hostvars.h.password.__ansible_vault, /^\$ANSIBLE_VAULT;1\.1;AES256\n/)
})

test('several passwords are tried, whatever the label says', async () => {
  const folder = fixture({ 'group_vars/db.yml': `a: ${tag(encrypted)}b: ${tag(labelled)}` })
  for (const label of ['prod', 'dev']) {
    const vaultPasswords = [{ password }, { label, password: 'other horse' }]
    const inventory = await loadInventory({ sources: [join(folder, 'hosts')], vaultPasswords })
    assert.equal(inventory.vars('h'), { a: 's3cret-value', b: 'labelled-value' })
  }
})

test('a missing password counts when the value is used, with its place and what to do', async () => {
  const folder = fixture({ 'group_vars/db.yml': `user: app\npassword: ${tag(encrypted)}` })
  const inventory = await loadInventory({ sources: [join(folder, 'hosts')] })
  const error = await refused(async () => inventory.vars('h'))
  assert.match(error.message, /no vault password was given/)
  assert.is(error.place?.line, 2)
  assert.is(error.place?.file, join(folder, 'group_vars/db.yml'))
  assert.is(error.host, 'h')
  assert.match(error.next ?? '', /--vault-password-file/)
})

test('every value that does not decrypt is told in one go', async () => {
  const folder = fixture({ 'group_vars/db.yml': `a: ${tag(encrypted)}b: ${tag(labelled)}` })
  const vaultPasswords = [{ password: 'wrong' }, { password: 'wrong too' }]
  const inventory = await loadInventory({ sources: [join(folder, 'hosts')], vaultPasswords })
  const error = await refused(async () => inventory.vars('h'))
  assert.instance(error, InputErrors)
  assert.match(error.message, /none of the 2 vault passwords does fit.*\n.*its label is "prod"/)
})

test('a file encrypted as a whole needs its password at once, and hides all its texts', async () => {
  const whole = await new Vault({ password }).encrypt('token: whole-file-text\nport: 5432\nlist: [inner-text]\n', '')
  const folder = fixture({ 'group_vars/db/vault.yml': `${whole}\n` })
  const error = await refused(() => loadInventory({ sources: [join(folder, 'hosts')] }))
  assert.match(error.message, /no vault password/)
  assert.is(error.place?.file, join(folder, 'group_vars/db/vault.yml'))
  const inventory = await loadInventory({ sources: [join(folder, 'hosts')], vaultPasswords: [{ password }] })
  assert.equal(inventory.vars('h'), { token: 'whole-file-text', port: 5432, list: ['inner-text'] })
  assert.is(mask('whole-file-text inner-text'), '******** ********')
})

test('an inventory may be encrypted as a whole', async () => {
  const folder = writeFixture({ hosts: await new Vault({ password }).encrypt('[web]\nw1\n', '') })
  assert.equal((await loadInventory({ sources: [join(folder, 'hosts')], vaultPasswords: [{ password }] })).hosts, [
    'w1',
  ])
})

for (const [what, text, message] of [
  ['another format', '$ANSIBLE_VAULT;9.9;AES256\n61', /not vault text of format 1\.1 or 1\.2/],
  ['a damaged body', '$ANSIBLE_VAULT;1.1;AES256\n6162', /damaged/],
] as const)
  test(`${what} is refused by name`, async () => {
    const folder = fixture({ 'group_vars/db.yml': `a: ${tag(text)}` })
    const inventory = await loadInventory({ sources: [join(folder, 'hosts')], vaultPasswords: [{ password }] })
    assert.match((await refused(async () => inventory.vars('h'))).message, message)
  })

test('what ansible-vault encrypts is read', async () => {
  ensureAnsible()
  const folder = fixture({ 'group_vars/db.yml': 'a: from ansible\n', pass: `${password}\n` })
  const args = ['encrypt', '--encrypt-vault-id', 'prod', '--vault-id', `prod@${join(folder, 'pass')}`]
  execFileSync('/usr/bin/ansible-vault', [...args, join(folder, 'group_vars/db.yml')], { stdio: 'pipe' })
  const vaultPasswords = [await readVaultPassword(join(folder, 'pass'))]
  const inventory = await loadInventory({ sources: [join(folder, 'hosts')], vaultPasswords })
  assert.equal(inventory.vars('h'), { a: 'from ansible' })
})

test('a password file is read without its blanks, a program is run and told the label', async () => {
  const folder = writeFixture({
    plain: ' word one \n',
    program: '#!/bin/sh\necho "printed $*"\n',
    'keys-client': '#!/bin/sh\necho "$1 $2"\n',
    empty: '\n',
    failing: '#!/bin/sh\nexit 4\n',
    sleeping: 'x',
  })
  const path = (name: string): string => join(folder, name)
  assert.equal(await readVaultPassword(path('plain')), { password: 'word one' })
  assert.equal(await readVaultPassword(path('program'), 'prod'), { label: 'prod', password: 'printed ' })
  assert.equal(await readVaultPassword(path('keys-client'), 'prod'), { label: 'prod', password: '--vault-id prod' })
  assert.match((await refused(() => readVaultPassword(path('empty')))).message, /holds no vault password/)
  assert.match((await refused(() => readVaultPassword(path('none')))).message, /does not exist/)
  const failed = await refused(() => readVaultPassword(path('failing')))
  assert.match(failed.message, /should print the vault password, but failed/)
  chmodSync(path('sleeping'), 0o644)
  assert.equal(await readVaultPassword(path('sleeping')), { password: 'x' })
})

test.run()
