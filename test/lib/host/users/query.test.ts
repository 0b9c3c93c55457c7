import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseGroups, parseUsers } from '../../../../lib/host/users/query.ts'
import { userAfter, userFrom } from '../../../../lib/host/users/commands.ts'

const cut = '\u0001\n'
const parseUser = (name: string, output: string) => parseUsers([name], output)[0]
const carla = `carla:x:1002:1003:Carla Example,,,:/home/carla:/bin/bash\n${cut}carla:$6$abc$def:20777:0:99999:7::21915:\n${cut}carla                 4 27\n${cut}users:x:1003:\nadm:x:4:admin,carla\nsudo:x:27:carla\n`

test('an account with its groups, hash and end', () =>
  assert.equal(parseUser('carla', carla), {
    name: 'carla',
    uid: 1002,
    gid: 1003,
    group: 'users',
    groups: ['adm', 'sudo'],
    comment: 'Carla Example,,,',
    home: '/home/carla',
    shell: '/bin/bash',
    passwordHash: '$6$abc$def',
    expires: 21915,
  }))

test('who may not read the shadow file knows no hash', () => {
  const state = parseUser('carla', `carla:x:1002:1003::/home/carla:\n${cut}${cut}carla 1003\n${cut}carla:x:1003:\n`)
  assert.equal(state, {
    name: 'carla',
    uid: 1002,
    gid: 1003,
    group: 'carla',
    groups: [],
    comment: '',
    home: '/home/carla',
    shell: '',
  })
})

test('nobody of that name', () => {
  assert.is(parseUser('carla', ''), undefined)
  assert.is(parseUser('1002', carla), undefined)
})

test('several accounts of one answer, each with its own hash and groups', () => {
  const said = [
    'root:x:0:0:root:/root:/bin/bash\ncarla:x:1002:1003:::\nroot2:x:0:0:::\n',
    'carla:!:::::::\nroot:*:::::::\n',
    'root                 \nnobody\ncarla                 4 27 1003\n',
    'root:x:0:\nusers:x:1003:\nadm:x:4:carla\nsudo:x:27:carla\n',
  ].join(cut)
  assert.equal(
    parseUsers(['carla', 'nobody', 'root', '0'], said).map(
      (user) => user && [user.passwordHash, user.group, user.groups],
    ),
    [['!', 'users', ['adm', 'sudo']], undefined, ['*', 'root', []], undefined],
  )
})

test('groups with their members, in the order asked', () => {
  const said = 'empty:x:999:\nadm:x:4:admin,carla\n'
  assert.equal(parseGroups(['adm', 'none', 'empty', '4'], said), [
    { name: 'adm', gid: 4, members: ['admin', 'carla'] },
    undefined,
    { name: 'empty', gid: 999, members: [] },
    undefined,
  ])
})

test('what a change leaves alone stays', () => {
  const is = parseUser('carla', carla)
  assert.ok(is !== undefined)
  assert.equal(userAfter(is, {}, -1), is)
  assert.equal(userAfter(is, { expires: -1, locked: true, groups: ['b', 'a'] }, -1), {
    ...Object.fromEntries(Object.entries(is).filter(([name]) => name !== 'expires')),
    passwordHash: '!$6$abc$def',
    groups: ['a', 'b'],
  })
})

test('a new account has what was asked for, and a group of its own', () => {
  const { group, home, passwordHash, uid } = userFrom('dora', { home: '/srv/dora' }, -1)
  assert.equal({ group, home, passwordHash, uid }, { group: 'dora', home: '/srv/dora', passwordHash: '!', uid: -1 })
})

test.run()
