import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../lib/error.ts'
import { limitHosts, loadInventory } from '../../../lib/inventory/index.ts'
import { writeFixture } from './fixture.ts'

const folder = writeFixture({
  'hosts.ini': 'lone\n[web]\nweb[1:3]\n[db]\ndb1.lab\ndb2.lab\n[prod:children]\nweb\ndb\n[empty]\n',
})
const inventory = await loadInventory({ sources: [join(folder, 'hosts.ini')] })

const cases: readonly (readonly [pattern: string, hosts: string])[] = [
  ['all', 'lone web1 web2 web3 db1.lab db2.lab'],
  ['web:db', 'web1 web2 web3 db1.lab db2.lab'],
  ['db,web1', 'db1.lab db2.lab web1'],
  ['all:&prod:!web', 'db1.lab db2.lab'],
  ['!web:!db', 'lone'],
  ['web[0]', 'web1'],
  ['web[-1]', 'web3'],
  ['web[1:]', 'web2 web3'],
  ['prod[2:3]', 'web3 db1.lab'],
  ['~web[13]$', 'web1 web3'],
  ['*.lab', 'db1.lab db2.lab'],
  ['w?b[2]', 'web3'],
  ['empty', ''],
  ['localhost', 'localhost'],
  ['::1', '::1'],
]

for (const [pattern, hosts] of cases)
  test(`${pattern} selects ${hosts || 'nothing'}`, () => {
    assert.equal(inventory.match(pattern), { hosts: hosts.split(' ').filter(Boolean), unmatched: [] })
  })

test('what fits nothing is told, the rest is selected', () => {
  assert.equal(inventory.match('wbe:web1:!nobody'), { hosts: ['web1'], unmatched: ['wbe', 'nobody'] })
})

for (const [pattern, message] of [
  ['web[7]', /beyond the end: web has 3 hosts/],
  ['~web(', /no regular expression/],
  ['web:!', /only a sign/],
] as const)
  test(`${pattern} is an error`, () => {
    assert.throws(
      () => inventory.match(pattern),
      (error: Error) => error instanceof HostwrightError && error.kind === 'input' && message.test(error.message),
    )
  })

test('--limit keeps the order of the hosts and of nothing else', () => {
  assert.equal(limitHosts(inventory, inventory.match('all').hosts, 'db2.lab:web[0:1]').hosts, [
    'web1',
    'web2',
    'db2.lab',
  ])
})

test('--limit that leaves out a host stays an empty list: the inventory does have it', () => {
  assert.equal(limitHosts(inventory, inventory.match('web').hosts, 'db').hosts, [])
})

test('--limit that fits nothing is an error that knows what was meant', () => {
  assert.throws(
    () => limitHosts(inventory, inventory.hosts, 'wbe1'),
    /--limit wbe1 fits no host of the inventory.*did you mean "web1"/,
  )
})

test('--limit @file reads the hosts of a retry file', () => {
  const own = mkdtempSync(join(tmpdir(), 'limit-'))
  const file = join(own, 'site.retry')
  writeFileSync(file, 'web2\n\n db1.lab \n')
  assert.equal(limitHosts(inventory, inventory.hosts, `@${file}`).hosts, ['web2', 'db1.lab'])
  rmSync(own, { recursive: true })
  assert.throws(() => limitHosts(inventory, inventory.hosts, `@${file}`), /the file of --limit cannot be read/)
})

test('intersection and exclusion part any selection in two', () => {
  const pattern = fc.constantFrom('web', 'db', 'prod', 'w*', 'lone', '*.lab', 'web[0:1]', 'all')
  fc.assert(
    fc.property(pattern, pattern, (a, b) => {
      const whole = inventory.match(a).hosts
      const kept = inventory.match(`${a}:&${b}`).hosts
      const rest = inventory.match(`${a}:!${b}`).hosts
      assert.equal([...kept, ...rest].sort(), [...whole].sort())
    }),
  )
})

test.run()
