import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Chain } from '../../../lib/play/play.ts'
import { play, playbook, schema } from '../../../lib/play/play.ts'
import { defineModule, unchanged } from '../../../lib/play/module.ts'
import { optional, secret, Type, withDefault } from '../../../lib/schema/index.ts'

const echo = defineModule({
  name: 'echo',
  summary: 'Gives back what it is given.',
  params: { text: Type.String(), times: withDefault(Type.Integer(), 1), key: optional(secret()) },
  examples: [],
  plan: async ({ text, times }) => unchanged({ said: text.repeat(times) }),
})

const vars = schema({ port: Type.Integer(), password: secret() })

/** Never called: it exists to be type-checked. */
export function _typesHold() {
  const base = play('p', { hosts: 'all', vars }).handler('restart', () => echo({ text: 'again' }))
  base
    .task('typed variables', ({ vars }) => echo({ text: vars.password.reveal(), times: vars.port }), {
      notify: 'restart',
    })
    .register('first', 'a result', () => echo({ text: 'x' }))
    .register('perhaps', 'may be skipped', ({ vars }) => vars.port > 1 && echo({ text: 'x' }))
    .register('many', 'a loop', () => [1, 2].map((times) => echo({ text: 'x', times })))
    .task('reads results', ({ results }) =>
      echo({
        text: results.first.said + (results.perhaps?.said ?? '') + results.many.results.map((one) => one.said).join(''),
      }),
    )
    .task('conditions', () => echo({ text: 'x' }), {
      failed_when: (result) => result.said === '',
      until: (result) => result.changed,
    })
  // @ts-expect-error a misspelt handler
  base.task('t', () => echo({ text: 'x' }), { notify: 'restrat' })
  // @ts-expect-error an unknown variable
  base.task('t', ({ vars }) => echo({ text: vars.prot }))
  // @ts-expect-error an unregistered result
  base.task('t', ({ results }) => echo({ text: results.first.said }))
  // @ts-expect-error an unknown parameter
  base.task('t', () => echo({ txt: 'x' }))
  // @ts-expect-error a parameter of another type
  base.task('t', () => echo({ text: 'x', times: 'many' }))
  // @ts-expect-error not a module call
  base.task('t', () => 'echo')
}

const role = <V extends { readonly port: number }, R extends Readonly<Record<string, unknown>>, H extends string>(
  chain: Chain<V, R, H>,
) => chain.register('from_role', 'asked by the role', ({ vars }) => echo({ text: String(vars.port) }))

test('a chain leaves the one it came from as it was, so that plays can be shared and extended', () => {
  const base = play('base', { hosts: 'all' }).task('one', () => echo({ text: '1' }))
  const more = base.task('two', () => echo({ text: '2' }))
  assert.is(base.entries.length, 1)
  assert.is(more.entries.length, 2)
})

test('a role adds its tasks and its results to whatever play takes it up', () => {
  const used = play('p', { hosts: 'all', vars })
    .use(role)
    .task('after', ({ results }) => echo({ text: results.from_role.said }))
  assert.equal(
    used.entries.map((entry) => (entry.type === 'task' ? [entry.name, entry.register] : [])),
    [
      ['asked by the role', 'from_role'],
      ['after', undefined],
    ],
  )
})

test('a task knows the line of the playbook that wrote it', () => {
  const [entry] = play('p', { hosts: 'all' }).task('here', () => echo({ text: '' })).entries
  assert.match(entry?.site.place?.file ?? '', /play\.test\.ts$/)
  assert.type(entry?.site.place?.line, 'number')
})

test('playbooks are values that other playbooks take up', () => {
  const inner = playbook('inner', [play('a', { hosts: 'all' })])
  assert.equal(
    playbook('outer', [inner, play('b', { hosts: 'all' })]).plays.map((one) => one.name),
    ['a', 'b'],
  )
  assert.throws(() => playbook('bad', [{ entries: [], handlers: [] }]), /without hosts/)
})

test.run()
