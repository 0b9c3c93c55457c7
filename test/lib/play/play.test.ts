import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { role } from '../../../lib/play/role.ts'
import type { Results } from '../../../lib/play/chain.ts'
import { defaults } from '../../../lib/play/defaults.ts'
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
    .task('a result', () => echo({ text: 'x' }), { register: 'first' })
    .task('may be skipped', ({ vars }) => vars.port > 1 && echo({ text: 'x' }), { register: 'perhaps' })
    .task('a loop', () => [1, 2].map((times) => echo({ text: 'x', times })), { register: 'many' })
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
  // @ts-expect-error a call that is not returned
  base.task('t', () => {
    echo({ text: 'x' })
  })
  base
    .task('a result', () => echo({ text: 'x' }), { register: 'first' })
    .task('another host', () => echo({ text: 'x' }), {
      delegate_to: ({ results, soleHost }) => results.first.said + soleHost('db').name,
    })
    // @ts-expect-error an unregistered result
    .task('another host', () => echo({ text: 'x' }), { delegate_to: ({ results }) => results.second.said })
    .block('b', (inner) => inner.task('t', () => echo({ text: 'x' })), {
      when: ({ vars, results }) => vars.port > 1 && results.first.said === '',
    })
}

/** Never called: it exists to be type-checked. */
export function _rolesHold() {
  const needy = role(
    {
      vars: schema({ port: Type.Integer(), perhaps: optional(Type.String()) }),
      results: { first: echo },
      handlers: ['restart'],
    },
    (chain) =>
      chain
        .handler('own', () => echo({ text: 'again' }))
        .task('t', ({ vars, results }) => echo({ text: results.first.said, times: vars.port }), {
          notify: ['restart', 'own'],
          register: 'second',
        }),
  )
  const lacksVariables = play('p', { hosts: 'all', vars: schema({ port: Type.String() }) })
    .handler('restart', () => echo({ text: 'x' }))
    .task('t', () => echo({ text: 'x' }), { register: 'first' })
  // @ts-expect-error port is text in this play
  lacksVariables.use(needy)
  const said: Parameters<typeof lacksVariables.use<{ port: number }, object, never, object & Results, never>>[0] =
    'the play has no variable port of the type that this role needs'
  const plain = play('p', { hosts: 'all', vars: schema({ port: Type.Integer() }) })
  const withHandler = plain.handler('restart', () => echo({ text: 'x' }))
  // @ts-expect-error nothing has registered first
  withHandler.use(needy)
  // @ts-expect-error there is no handler restart
  plain.task('t', () => echo({ text: 'x' }), { register: 'first' }).use(needy)
  withHandler
    .task('t', () => echo({ text: 'x' }), { register: 'first' })
    .use(needy)
    .task('t', ({ vars, results }) => echo({ text: results.second.said, times: vars.port }), { notify: 'own' })
  return said
}

/** Never called: it exists to be type-checked. */
export function _defaultsHold() {
  const other = defineModule({
    ...{ name: 'other', summary: '', examples: [], plan: async () => unchanged({}) },
    params: { times: Type.Integer(), own: Type.String() },
  })
  defaults([echo, other], { times: 3 })
  // @ts-expect-error only one of them has it
  defaults([echo, other], { own: 'x' })
  // @ts-expect-error of another type
  defaults([echo], { times: 'three' })
}

const asking = role({ vars: schema({ port: Type.Integer() }) }, (chain) =>
  chain.task('asked by the role', ({ vars }) => echo({ text: String(vars.port) }), { register: 'from_role' }),
)

test('a chain leaves the one it came from as it was, so that plays can be shared and extended', () => {
  const base = play('base', { hosts: 'all' }).task('one', () => echo({ text: '1' }))
  const more = base.task('two', () => echo({ text: '2' }))
  assert.is(base.entries.length, 1)
  assert.is(more.entries.length, 2)
})

test('a role adds its tasks and its results to whatever play takes it up', () => {
  const used = play('p', { hosts: 'all', vars })
    .use(asking)
    .task('after', ({ results }) => echo({ text: results.from_role.said }))
  assert.equal(
    used.entries.map((entry) => (entry.type === 'task' ? [entry.name, entry.options.register] : [])),
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
