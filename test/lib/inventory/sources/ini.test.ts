import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError, InputErrors, showPlace } from '../../../../lib/error.ts'
import { readIni } from '../../../../lib/inventory/sources/ini.ts'
import { InventoryModel } from '../../../../lib/inventory/model.ts'

function read(text: string): { model: InventoryModel; warnings: string[] } {
  const warnings: string[] = []
  const model = new InventoryModel((message, place) => warnings.push(`${place ? showPlace(place) : ''} ${message}`))
  readIni(text, 'hosts.ini', model)
  model.reconcile()
  return { model, warnings }
}

function complaints(text: string): { message: string; place: string; next: string }[] {
  try {
    read(text)
  } catch (thrown) {
    const errors = thrown instanceof InputErrors ? thrown.errors : [thrown]
    return errors.map((error) => {
      if (!(error instanceof HostwrightError)) throw error
      assert.is(error.kind, 'input')
      return { message: error.message, place: error.place ? showPlace(error.place) : '', next: error.next ?? '' }
    })
  }
  return []
}

interface Refusal {
  readonly text: string
  readonly place: string
  readonly message: RegExp
  readonly next?: RegExp
}

const refusals: readonly Refusal[] = [
  {
    text: '[web]\n  web1 port',
    place: 'hosts.ini:2:8',
    message: /expected name=value/,
    next: /quote a value/,
  },
  { text: 'a ; c', place: 'hosts.ini:1:3', message: /expected name=value/, next: /begins with #/ },
  { text: 'a x={{ y }}', place: 'hosts.ini:1:8', message: /expected name=value/, next: /quote a value with blanks/ },
  { text: 'a =1', place: 'hosts.ini:1:3', message: /expected name=value/ },
  { text: 'a b="x', place: 'hosts.ini:1:5', message: /never closed/ },
  { text: 'web:', place: 'hosts.ini:1:1', message: /ends in a colon/, next: /\.yml/ },
  { text: '---', place: 'hosts.ini:1:1', message: /begins a YAML file/, next: /\.yml/ },
  { text: 'web[3:1]', place: 'hosts.ini:1:1', message: /ends before it begins/, next: /\[begin:end\]/ },
  { text: '[a b]', place: 'hosts.ini:1:1', message: /not a section/, next: /without blanks/ },
  { text: '[web:childern]', place: 'hosts.ini:1:1', message: /did you mean "children"/ },
  {
    text: '[web]\n[wbe:vars]\na=1',
    place: 'hosts.ini:2:1',
    message: /group wbe, .*did you mean "web"/,
    next: /\[wbe\]/,
  },
  { text: '[web]\n[top:children]\nwbe', place: 'hosts.ini:3:1', message: /children names .*wbe.*did you mean "web"/ },
  { text: '[web]\n[web:vars]\nabc', place: 'hosts.ini:3:1', message: /expected name=value/ },
  { text: '[web:children]\na b', place: 'hosts.ini:2:1', message: /not a group name/ },
  { text: '[a:children]\na', place: 'hosts.ini:2:1', message: /its own child/ },
  { text: '[a]\n[a:children]\nall', place: 'hosts.ini:3:1', message: /all cannot be a child/ },
  { text: '[a:children]\nb\n[b:children]\na', place: 'hosts.ini:4:1', message: /one of its parents/ },
  { text: '[a]\n[a:vars]\nansible_group_priority=x', place: 'hosts.ini:3:1', message: /not an integer/ },
]

for (const { text, place, message, next } of refusals)
  test(`refused at ${place}: ${JSON.stringify(text)}`, () => {
    const [first, ...more] = complaints(text)
    assert.ok(first, 'it was read')
    assert.equal(more, [])
    assert.is(first.place, place)
    assert.match(first.message, message)
    if (next !== undefined) assert.match(first.next, next)
  })

test('every broken line of a file is told in one go', () => {
  const places = complaints('a b\nok x=1\n[web:nope]\n[web]\nc "d\n').map((each) => each.place)
  assert.equal(places, ['hosts.ini:1:3', 'hosts.ini:3:1', 'hosts.ini:5:3'])
})

test('a variable knows its line and column', () => {
  const { model } = read('[web]\n  web1 a=1  b=2\n[web:vars]\nc = 3\n')
  assert.equal(model.hosts.get('web1')?.vars.get('b')?.place, { file: 'hosts.ini', line: 2, column: 13 })
  assert.equal(model.groups.get('web')?.vars.get('c')?.place, { file: 'hosts.ini', line: 4, column: 1 })
})

test('a byte order mark is no part of the first line', () => {
  assert.ok(read('\ufeff[web]\nweb1\n').model.groups.has('web'))
})

test('a host named like a group keeps its variables to itself', () => {
  const { model, warnings } = read('[web]\nweb a=1\nother\n')
  assert.is(model.hosts.get('web')?.vars.get('a')?.value, 1)
  assert.is(model.groups.get('web')?.vars.size, 0)
  assert.match(warnings.join(), /web is the name of both a group and a host/)
})

test('a port that comes too late is told, not lost in silence', () => {
  const { model, warnings } = read('web1\n[web]\nweb1:2222\n')
  assert.is(model.hosts.get('web1')?.vars.get('ansible_port'), undefined)
  assert.equal(warnings, [
    'hosts.ini:3:1 the port 2222 of web1 is ignored, as in Ansible: the host was first named without it',
  ])
})

test('a group name that is no variable name brings a warning', () => {
  assert.match(read('[my-web]\n').warnings.join(), /hosts\.ini:1:1 the group name "my-web"/)
})

test.run()
