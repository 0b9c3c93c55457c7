/** Inventories from data, from files and from sources of a program's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type HostwrightError, InputErrors } from '../../../lib/error.ts'
import { createInventory, type InventoryInput, type InventorySource } from '../../../lib/inventory/index.ts'
import { mask, Secret } from '../../../lib/secret.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-create-'))
mkdirSync(join(folder, 'group_vars'))
writeFileSync(join(folder, 'hosts.ini'), '[web]\nweb1 port=80\n')
writeFileSync(join(folder, 'group_vars/web.yml'), 'from: files\n')

async function refusal(input: unknown): Promise<HostwrightError> {
  try {
    await createInventory(input as InventoryInput)
  } catch (error) {
    return error as HostwrightError
  }
  return assert.unreachable('it was taken') as never
}

test('data has the shape of Ansible’s YAML inventory', async () => {
  const inventory = await createInventory({
    web: {
      hosts: { 'web[1:2]': { port: 80 }, db1: null },
      vars: { url: 'http://{{ inventory_hostname }}:{{ port }}' },
    },
    site: { children: { web: null }, vars: { port: 8080 } },
    empty: null,
  })
  assert.equal(inventory.hosts, ['web1', 'web2', 'db1'])
  assert.is(inventory.vars('web2')['url'], 'http://web2:80')
  assert.is(inventory.vars('db1')['url'], 'http://db1:8080')
  assert.equal(inventory.groupsOf('db1'), ['site', 'web'])
  assert.equal(inventory.match('site:!web1').hosts, ['web2', 'db1'])
})

test('data comes from no file, and Ansible’s variables say so', async () => {
  const inventory = await createInventory([join(folder, 'hosts.ini'), { app: { hosts: { app1: {} } } }])
  assert.equal([inventory.magic('app1').inventory_file, inventory.magic('app1').inventory_dir], [null, null])
  assert.is(inventory.magic('web1').inventory_file, join(folder, 'hosts.ini'))
})

test('files bring the variables beside them, and later inputs add to earlier ones', async () => {
  const more = { web: { hosts: { web1: { port: 81 }, web2: null } } }
  const inventory = await createInventory([join(folder, 'hosts.ini'), more, 'db1,'])
  assert.equal(inventory.hosts.toSorted(), ['db1', 'web1', 'web2'])
  assert.equal([inventory.vars('web1')['port'], inventory.vars('web2')['from']], [81, 'files'])
  assert.equal(inventory.sources, [join(folder, 'hosts.ini'), 'data', 'db1,'])
})

test('the variables beside the playbook are read when its folder is named', async () => {
  const data = { web: { hosts: { web1: null } } }
  assert.is((await createInventory(data)).vars('web1')['from'], undefined)
  assert.is((await createInventory(data, { playbookDir: folder })).vars('web1')['from'], 'files')
})

test('a secret in data is masked, and its braces mean nothing', async () => {
  const password = new Secret('pass{{ word }}')
  const inventory = await createInventory({ all: { vars: { password, port: undefined }, hosts: { web1: {} } } })
  assert.is(inventory.vars('web1')['password'], 'pass{{ word }}')
  assert.is(mask(`it is ${String(inventory.vars('web1')['password'])}`), 'it is ********')
  assert.not('port' in inventory.vars('web1'))
})

test('a source is asked once, and keeps its own state', async () => {
  class Cloud implements InventorySource {
    readonly name = 'cloud'
    asked = 0
    load({ signal }: { readonly signal: AbortSignal }) {
      assert.not(signal.aborted)
      this.asked += 1
      return Promise.resolve({ web: { hosts: { [`web${this.asked}`]: { ansible_host: '10.0.0.1' } } } })
    }
  }
  const cloud = new Cloud()
  const inventory = await createInventory(cloud)
  assert.equal(inventory.hosts, ['web1'])
  assert.is(inventory.vars('web1')['ansible_host'], '10.0.0.1')
  assert.is(cloud.asked, 1)
})

test('a source that fails is told by its name, with the reason', async () => {
  const error = await refusal({ name: 'cloud', load: () => Promise.reject(new Error('401 Unauthorized')) })
  assert.equal(
    [error.kind, error.message, error.place?.file],
    ['input', 'the inventory source cloud failed: 401 Unauthorized', 'cloud'],
  )
})

const wrong: readonly (readonly [string, unknown, RegExp])[] = [
  ['a list of hosts', { web: { hosts: ['web1'] } }, /the hosts of the group web must be a mapping, not a list/],
  ['a function', { web: { vars: { port: () => 80 } } }, /web\.vars\.port is a function/],
  ['a date', { web: { hosts: { web1: { since: new Date() } } } }, /web\.hosts\.web1\.since is a Date/],
  ['a source that gives text', { name: 'cloud', load: () => 'web1' }, /no mapping of groups/],
  ['a group below itself', { a: { children: { b: { children: { a: null } } } } }, /cannot be a child/],
]
for (const [name, input, message] of wrong)
  test(`refused: ${name}`, async () => {
    const error = await refusal(input)
    assert.is(error.kind, 'input')
    assert.match(error.message, message)
  })

test('data that contains itself is refused', async () => {
  const vars: Record<string, unknown> = {}
  vars['self'] = vars
  assert.match((await refusal({ web: { vars } })).message, 'nested more than')
})

test('all that is wrong comes together', async () => {
  const error = await refusal([{ web: { hosts: [] } }, '/no/such/inventory'])
  assert.instance(error, InputErrors)
  assert.is((error as InputErrors).errors.length, 2)
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
