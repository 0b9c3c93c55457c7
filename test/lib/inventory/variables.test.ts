import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { type Inventory, loadInventory } from '../../../lib/inventory/index.ts'
import { type Files, writeFixture } from './fixture.ts'

async function load(
  files: Files,
  source = 'hosts',
): Promise<{ inventory: Inventory; folder: string; warnings: string[] }> {
  const folder = writeFixture(files)
  const warnings: string[] = []
  const inventory = await loadInventory({
    sources: [join(folder, source)],
    playbookDir: join(folder, 'book'),
    warn: (message) => warnings.push(message.replaceAll(`${folder}/`, '')),
  })
  return { inventory, folder, warnings }
}

const cluster: Files = {
  hosts: `[primary]
db1 ansible_host=10.0.0.1 slots='{"a": 1}'
[replica]
db2 ansible_host=10.0.0.2 primary="{{ groups['primary'][0] }}" upstream="{{ hostvars[primary].ansible_host }}"
[all:vars]
me={{ inventory_hostname }}
url=tcp://{{ hostvars['db1']['ansible_host'] }}:{{ port }}/
port={{ base_port | default(5432) }}
slot={{ hostvars['db1'].slots.a }}
mine={{ group_names }}
listed=in {{ group_names }}
quoted={{ nothing | d("it's") }}
empty={{ blank | default('full', true) }}
blank=
on={{ yes_really | default(True) }}
none={{ nothing | default(none) }}x
`,
}

test('references are resolved, over variables, groups and other hosts', async () => {
  const { inventory, warnings } = await load(cluster)
  assert.equal(inventory.vars('db2'), {
    ansible_host: '10.0.0.2',
    primary: 'db1',
    upstream: '10.0.0.1',
    me: 'db2',
    url: 'tcp://10.0.0.1:5432/',
    port: 5432,
    slot: 1,
    mine: ['replica'],
    listed: "in ['replica']",
    quoted: "it's",
    empty: 'full',
    blank: '',
    on: true,
    none: 'x',
  })
  assert.equal(warnings, [])
})

test('play variables take part for their own host, those of -e for every host', async () => {
  const { inventory } = await load(cluster)
  const vars = inventory.vars('db2', { play: { base_port: 6000, own: '{{ me }}!' }, extra: { slots: { a: 7 } } })
  assert.is(vars['url'], 'tcp://10.0.0.1:6000/')
  assert.is(vars['own'], 'db2!')
  assert.is(vars['slot'], 7)
  assert.is(inventory.vars('db1', { extra: { base_port: 1 }, play: { base_port: 2 } })['port'], 1)
  const other = await load({ hosts: "a\nb \"x={{p|d('none')}}\"\n[all:vars]\ny={{ hostvars['b'].x }}\n" })
  assert.is(other.inventory.vars('a', { play: { p: 1 } })['y'], 'none')
  assert.is(inventory.vars('db2')['port'], 5432)
})

const unsupported: readonly (readonly [value: string, reason: RegExp, missing: boolean])[] = [
  ['{{ x | int }}', /Jinja beyond references.*"\{\{ x \| int \}\}"/, false],
  ['{{ 1 + 1 }}', /"\{\{ 1 \+ 1 \}\}"/, false],
  ['{% if x %}y{% endif %}', /\{% … %\}/, false],
  ['{{ lookup("env", "HOME") }}', /lookup/, false],
  ['{{ open', /"\{\{ open"/, false],
  ['{{ nowhere }}', /nowhere is not defined for h/, true],
  ["{{ hostvars['unknown result'].x }}", /there is no host unknown result/, true],
  ['{{ l[7] }}', /there is no "7" in it/, true],
  ['{{ v }}', /v refers to itself/, false],
  ['{{ hostvars }}', /no value by itself/, false],
]

for (const [value, reason, missing] of unsupported)
  test(`${value} stays as it is, and is told with its place`, async () => {
    const { inventory, warnings } = await load({ hosts: `h\n[all:vars]\nl=[1]\nx=1\nv=${value}\n` })
    assert.is(inventory.vars('h')['v'], value)
    assert.is(warnings.length, 1)
    assert.match(warnings[0] ?? '', /^hosts:5:1: v of h stays as it is written: /)
    assert.match(warnings[0] ?? '', reason)
    const [problem] = inventory.unresolved('h')
    assert.is(problem?.missing, missing)
    assert.is(problem?.variable, 'v')
    inventory.vars('h')
    assert.is(warnings.length, 1, 'told once')
  })

test('a value that refers to an unresolved one is unresolved itself', async () => {
  const { inventory } = await load({ hosts: `h\n[all:vars]\na={{ b }}\nb={{ c | upper }}\n` })
  assert.equal(
    inventory.unresolved('h').map((problem) => problem.variable),
    ['a', 'b'],
  )
})

test('only what is broken stays: the rest of a structure is resolved', async () => {
  const { inventory } = await load({
    hosts: 'h',
    'group_vars/all.yml': 'a: 1\nl: ["{{ a }}", "{{ zz }}", !unsafe "{{ a }}"]\n',
  })
  assert.equal(inventory.vars('h')['l'], [1, '{{ zz }}', '{{ a }}'])
})

test('every variable knows the place that won', async () => {
  const { inventory, folder } = await load({
    hosts: '[g]\nh x=1\n[g:vars]\ny=1\nz=1\n',
    'group_vars/g.yml': '# comment\nz: 2\n',
    'host_vars/h/main.yml': '---\nnested:\n  a: 1\nx: 3\n',
    'book/host_vars/h.json': '{\n  "j": 1\n}\n',
  })
  const places = ['x', 'y', 'z', 'nested', 'j', 'none'].map((name) => {
    const place = inventory.placeOf('h', name)
    return place && `${place.file.slice(folder.length + 1)}:${place.line}`
  })
  assert.equal(places, [
    'host_vars/h/main.yml:4',
    'hosts:4',
    'group_vars/g.yml:2',
    'host_vars/h/main.yml:2',
    'book/host_vars/h.json:2',
    undefined,
  ])
})

test('a variable file that is hidden by another is told', async () => {
  const { warnings } = await load({ hosts: 'h', 'host_vars/h': 'a: 1\n', 'host_vars/h.yml': 'a: 2\n' })
  assert.match(warnings.join(), /host_vars\/h\.yml is not read/)
})

test('a host that is not there is an error that knows what was meant', async () => {
  const { inventory } = await load(cluster)
  assert.throws(() => inventory.vars('db3'), /there is no host db3 — did you mean "db1"/)
})

test('this machine needs no inventory, and still has the variables of all', async () => {
  const { inventory } = await load({ hosts: '[all:vars]\na=1\n', 'host_vars/localhost.yml': 'b: 2\n' })
  assert.equal(inventory.vars('localhost'), { a: 1, b: 2, ansible_connection: 'local' })
  assert.equal(inventory.groupsOf('localhost'), [])
})

test('magic variables tell a host about itself', async () => {
  const { inventory, folder } = await load({ hosts: '[web]\nweb1.lab\n10.0.0.1\n' })
  const { groups, ...magic } = inventory.magic('web1.lab')
  assert.equal(magic, {
    inventory_hostname: 'web1.lab',
    inventory_hostname_short: 'web1',
    group_names: ['web'],
    inventory_file: join(folder, 'hosts'),
    inventory_dir: folder,
  })
  assert.equal(groups['web'], ['web1.lab', '10.0.0.1'])
  assert.is(inventory.magic('10.0.0.1').inventory_hostname_short, '10.0.0.1')
})

test.run()
