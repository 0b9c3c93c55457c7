import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { callsOf } from '../../../../lib/engine/prepare/call.ts'
import { HostwrightError } from '../../../../lib/error.ts'
import type { AnyScope, PlayData, TaskData } from '../../../../lib/play/data.ts'
import { defaults } from '../../../../lib/play/defaults.ts'
import { defineModule, unchanged } from '../../../../lib/play/module.ts'
import { play, playbook, schema, type AnyPlay } from '../../../../lib/play/play.ts'
import { role } from '../../../../lib/play/role.ts'
import { optional, Type } from '../../../../lib/schema/index.ts'

const echo = defineModule({
  name: 'echo',
  summary: 'Gives back what it is given.',
  params: { text: Type.String(), port: optional(Type.Integer()), name: optional(Type.String()) },
  examples: [],
  plan: async ({ text }) => unchanged({ said: text }),
})
const other = defineModule({ ...echo.definition, name: 'other' })

const scope = { vars: { port: 5433 } } as unknown as AnyScope
const data = play('p', { hosts: 'all', vars: schema({ port: Type.Integer() }) })

const dataOf = (chain: AnyPlay): PlayData => {
  const [only] = playbook('p', [chain]).plays
  if (only === undefined) throw new Error('there is no play')
  return only
}

/** The parameters of the calls of all tasks, as the engine takes them. */
function paramsOf(chain: AnyPlay): readonly unknown[] {
  const tasks = (entries: readonly unknown[]): readonly TaskData[] =>
    (entries as readonly (TaskData | { readonly type: 'block'; readonly entries: readonly unknown[] })[]).flatMap(
      (one) => (one.type === 'block' ? tasks(one.entries) : [one]),
    )
  return tasks(dataOf(chain).entries).flatMap((task) => callsOf(task, scope)?.calls.map(({ params }) => params) ?? [])
}

function refusal(task: TaskData | undefined): HostwrightError {
  if (task === undefined) throw new Error('there is no task')
  try {
    callsOf(task, scope)
  } catch (error) {
    if (error instanceof HostwrightError) return error
  }
  throw new Error('it was not refused')
}

const tasksOf = (chain: { readonly entries: readonly unknown[] }) => chain.entries as readonly TaskData[]

test('a call that is made and not returned is an error at its line', () => {
  const chain = data
    // @ts-expect-error nothing is returned
    .task('one', () => {
      echo({ text: 'x' })
    })
    .task('one of two', () => {
      echo({ text: 'x' })
      return echo({ text: 'y' })
    })
    .task('one of a list', () => {
      const [first] = ['x', 'y'].map((text) => echo({ text }))
      return first === undefined ? [] : [first]
    })
  for (const task of tasksOf(chain)) {
    const error = refusal(task)
    assert.match(error.message, /echo is called here, and the task's function does not return the call/)
    assert.match(error.next ?? '', /return it/)
    assert.match(error.place?.file ?? '', /call\.test\.ts$/)
    assert.not.equal(error.place?.line, task.site.place?.line)
  }
})

test('a call that was made before, or by a helper, may be returned', () => {
  const before = echo({ text: 'before' })
  const helper = (text: string) => [echo({ text })]
  const chain = data.task('before', () => before).task('helper', () => helper('x'))
  assert.is(
    tasksOf(chain).reduce((count, task) => count + (callsOf(task, scope)?.calls.length ?? 0), 0),
    2,
  )
})

test('what a call leaves out comes from the nearest default', () => {
  const chain = play('p', {
    hosts: 'all',
    vars: schema({ port: Type.Integer() }),
    module_defaults: ({ vars }) => [defaults([echo, other], { port: vars.port, name: 'play' })],
  })
    .task('of the play', () => echo({ text: '1' }))
    .task('of the call', () => [echo({ text: '2', port: 1 }), other({ text: '3', port: undefined })])
    .task('of the task', () => echo({ text: '4' }), { module_defaults: [defaults([echo], { name: 'task' })] })
    .block('b', (block) => block.task('of the block', () => [echo({ text: '5' }), other({ text: '6' })]), {
      module_defaults: [defaults([echo], { name: 'block' })],
    })
    .use(
      role({ module_defaults: [defaults([other], { name: 'role' })] }, (inner) =>
        inner.task('of the role', () => other({ text: '7' })),
      ),
    )
  assert.equal(paramsOf(chain), [
    { port: 5433, name: 'play', text: '1' },
    { port: 1, name: 'play', text: '2' },
    { port: 5433, name: 'play', text: '3' },
    { port: 5433, name: 'task', text: '4' },
    { port: 5433, name: 'block', text: '5' },
    { port: 5433, name: 'play', text: '6' },
    { port: 5433, name: 'role', text: '7' },
  ])
})

test('handlers have the defaults too', () => {
  const chain = play('p', { hosts: 'all', module_defaults: [defaults([echo], { port: 1 })] }).handler('h', () =>
    echo({ text: 'x' }),
  )
  const [handler] = dataOf(chain).handlers
  assert.equal(handler && callsOf(handler, scope)?.calls[0]?.params, { port: 1, text: 'x' })
})

test.run()
