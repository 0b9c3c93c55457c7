/** Each task knows the folder of the role or play that it is written in. A task that looked in another would take somebody else's template. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { HostwrightError } from '../../../lib/error.ts'
import type { Entry } from '../../../lib/play/data.ts'
import { defineModule, unchanged } from '../../../lib/play/module.ts'
import { play, playbook } from '../../../lib/play/play.ts'
import { role } from '../../../lib/play/role.ts'

const nothing = defineModule({
  name: 'nothing',
  summary: 'Does nothing.',
  params: {},
  examples: [],
  plan: async () => unchanged({}),
})

const inner = role({ folder: new URL('file:///packages/inner/') }, (chain) =>
  chain.handler('inner handler', () => nothing({})).task('inner', () => nothing({})),
)
const bare = role({}, (chain) => chain.task('bare', () => nothing({})))
const outer = role({ folder: '/packages/outer' }, (chain) =>
  chain
    .task('before', () => nothing({}))
    .use(inner)
    .use(bare)
    .block('block', (block) => block.task('in block', () => nothing({})).use(inner), {
      rescue: (rescue) => rescue.task('in rescue', () => nothing({})),
      always: (always) => always.task('in always', () => nothing({})),
    })
    .pipe((piped) => piped.task('piped', () => nothing({})))
    .task('after', () => nothing({})),
)

function foldersIn(entries: readonly Entry[]): readonly (readonly [string, string | undefined])[] {
  return entries.flatMap((entry) => {
    if (entry.type === 'flush') return []
    if (entry.type === 'task') return [[entry.name, entry.folder] as const]
    return foldersIn([...entry.entries, ...entry.rescue, ...entry.always])
  })
}

test('a task has the folder of the role that it is written in, however deep roles are nested', () => {
  const [data] = playbook('p', [
    play('p', { hosts: 'all' })
      .use(outer)
      .task('own', () => nothing({})),
  ]).plays
  assert.equal(foldersIn(data?.entries ?? []), [
    ['before', '/packages/outer'],
    ['inner', '/packages/inner'],
    ['bare', undefined],
    ['in block', '/packages/outer'],
    ['inner', '/packages/inner'],
    ['in rescue', '/packages/outer'],
    ['in always', '/packages/outer'],
    ['piped', '/packages/outer'],
    ['after', '/packages/outer'],
    ['own', undefined],
  ])
  assert.equal(foldersIn(data?.handlers ?? []), [['inner handler', '/packages/inner']])
})

test('the folder of a play is that of its own tasks', () => {
  const [data] = playbook('p', [
    play('p', { hosts: 'all', folder: '/packages/play/' })
      .task('own', () => nothing({}))
      .use(bare),
  ]).plays
  assert.equal(foldersIn(data?.entries ?? []), [
    ['own', '/packages/play'],
    ['bare', undefined],
  ])
})

for (const folder of ['templates', '', 'file:///packages/x', new URL('https://example.org/role/')])
  test(`"${String(folder)}" is refused, at its line`, () => {
    for (const make of [
      () => role({ folder }, (chain) => chain),
      () => play('p', { hosts: 'all', folder }).task('t', () => nothing({})),
    ])
      try {
        make()
        assert.unreachable()
      } catch (thrown) {
        const { message, place } = thrown as HostwrightError
        assert.match(message, '"folder" is neither an absolute path nor a file URL')
        assert.match(place?.file ?? '', /folder\.test\.ts$/)
      }
  })

test.run()
