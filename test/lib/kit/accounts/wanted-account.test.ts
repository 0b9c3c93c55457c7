import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { UserState, WantedUser } from '../../../../lib/host/users/users.ts'
import { userChanges, userDiff, type Wish } from '../../../../lib/kit/accounts/wanted-account.ts'
import { fieldComplaint, nameComplaint } from '../../../../lib/kit/accounts/account-name.ts'

const is: UserState = {
  name: 'carla',
  uid: 1002,
  gid: 1003,
  group: 'users',
  groups: ['adm', 'sudo'],
  comment: 'Carla',
  home: '/home/carla',
  shell: '/bin/bash',
  passwordHash: '$6$a$b',
}

const cases: readonly (readonly [string, Partial<Wish>, WantedUser])[] = [
  ['nothing wanted', {}, {}],
  ['all as it is', { uid: 1002, group: 'users', comment: 'Carla', home: '/home/carla', shell: '/bin/bash' }, {}],
  ['the primary group by number', { group: '1003' }, {}],
  ['groups in another order', { groups: ['sudo', 'adm'] }, {}],
  ['the primary group among the others', { groups: ['adm', 'sudo', 'users'] }, {}],
  ['one group less', { groups: ['adm'] }, { groups: ['adm'] }],
  ['no groups', { groups: [] }, { groups: [] }],
  ['a group more', { groups: ['www'], append: true }, { groups: ['adm', 'sudo', 'www'] }],
  ['a group it has', { groups: ['adm'], append: true }, {}],
  ['the same password', { passwordHash: '$6$a$b' }, {}],
  ['another password', { passwordHash: '$6$c$d' }, { passwordHash: '$6$c$d' }],
  ['another password, but only for new accounts', { passwordHash: '$6$c$d', updatePassword: 'on_create' }, {}],
  ['locked', { locked: true }, { locked: true }],
  ['not locked', { locked: false }, {}],
  ['ends', { expires: 21915 }, { expires: 21915 }],
  ['never ends', { expires: -1 }, {}],
]
for (const [what, wish, changes] of cases)
  test(`changes of an account: ${what}`, () =>
    assert.equal(userChanges(is, { append: false, updatePassword: 'always', ...wish }), changes))

test('a locked account keeps its hash', () => {
  const locked = { ...is, passwordHash: '!$6$a$b' }
  const wish: Wish = { append: false, updatePassword: 'always', passwordHash: '$6$a$b', locked: true }
  assert.equal(userChanges(locked, wish), {})
  assert.equal(userChanges(locked, { ...wish, locked: false }), { passwordHash: '$6$a$b' })
})

test('a diff shows what changes, and never a hash', () =>
  assert.equal(userDiff(is, { shell: '/bin/sh', passwordHash: '$6$c$d', expires: 21915 }), {
    before: { shell: '/bin/bash', password: '(hidden)', expires: 'never' },
    after: { shell: '/bin/sh', password: '(hidden, another)', expires: '2030-01-01' },
  }))

for (const name of ['carla', 'www-data', '_apt', 'dom.user', 'ünal', 'svc$'])
  test(`${name} can be a name`, () => assert.equal(nameComplaint('name', name), []))
for (const name of ['', '-r', 'a b', 'a:b', 'a\nb', '1000', '../x', 'a,b', 'a=b', '#x', "a'b", 'x'.repeat(65)])
  test(`${JSON.stringify(name.slice(0, 10))} cannot be a name`, () => assert.is(nameComplaint('name', name).length, 1))

test('a field of the passwd file', () => {
  assert.equal(fieldComplaint('comment', 'Carla; $(x) "y"'), [])
  assert.is(fieldComplaint('comment', 'a:b').length, 1)
  assert.is(fieldComplaint('comment', 'a\nb').length, 1)
})

test.run()
