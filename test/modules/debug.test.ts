import { test } from 'uvu'
import * as assertThat from 'uvu/assert'
import type { Call, TaskContext } from '../../lib/play/module.ts'
import { assert } from '../../modules/assert.ts'
import { debug, pathOf } from '../../modules/debug.ts'
import { fail } from '../../modules/fail.ts'
import { ping } from '../../modules/ping.ts'
import { setup } from '../../modules/setup.ts'
import { runCall, withHost } from '../../lib/testing/index.ts'

const task = { vars: { groups: { primary: ['db1'] }, port: 5432, 'odd name': 1 } } as unknown as TaskContext
const resultOf = async <R>(call: Call<R>): Promise<R> => (await withHost((host) => runCall(host, call, task))).result

async function failure(call: Call): Promise<string> {
  try {
    await withHost((host) => runCall(host, call, task))
  } catch (error) {
    return String(error)
  }
  return assertThat.unreachable('it should have failed') as never
}

test('debug shows a message of any kind, a variable, or a part of one', async () => {
  assertThat.equal(await resultOf(debug({})), { msg: 'Hello world!' })
  assertThat.equal(await resultOf(debug({ msg: { a: [1] } })), { msg: { a: [1] } })
  assertThat.equal(await resultOf(debug({ var: 'port' })), { port: 5432 })
  assertThat.equal(await resultOf(debug({ var: 'groups.primary[0]' })), { 'groups.primary[0]': 'db1' })
  assertThat.equal(await resultOf(debug({ msg: 'x', verbosity: 2 })), {
    skipped_reason: 'Verbosity threshold not met.',
  })
})

test('debug names a variable that is not there, and refuses what is no name', async () => {
  assertThat.match(await failure(debug({ var: 'groups.replica' })), '"groups.replica" is not defined')
  assertThat.match(await failure(debug({ var: '1 + 1' })), 'must name a variable')
  assertThat.equal(pathOf(`a['b c'].d[0]["e"]`), ['a', 'b c', 'd', '0', 'e'])
  assertThat.is(pathOf('a b'), undefined)
})

test('assert holds, or says what does not', async () => {
  assertThat.equal(await resultOf(assert({ that: true })), {
    msg: 'All assertions passed',
    assertions: ['the condition'],
  })
  assertThat.equal(await resultOf(assert({ that: [true, true], success_msg: 'fine', quiet: true })), { msg: 'fine' })
  assertThat.match(await failure(assert({ that: { 'a is b': true, 'b is c': false } })), 'b is c')
  assertThat.match(await failure(assert({ that: [true, false] })), 'condition 2')
  assertThat.match(await failure(assert({ that: false, fail_msg: 'too small' })), 'too small')
  assertThat.match(await failure(assert({ that: 'yes' as unknown as boolean })), 'compare the values first')
})

test('fail fails', async () => {
  assertThat.match(await failure(fail({ msg: 'not here' })), 'not here')
  assertThat.match(await failure(fail({})), 'Failed as requested from task')
})

test('ping answers, setup tells, and neither changes anything', () =>
  withHost(async (host) => {
    assertThat.equal((await runCall(host, ping({}))).result, { ping: 'pong' })
    const { changed, result } = await runCall(host, setup({ filter: ['distribution*', 'ansible_user_id'] }))
    assertThat.is(changed, false)
    assertThat.ok('ansible_distribution' in result.ansible_facts && 'ansible_user_id' in result.ansible_facts)
    assertThat.not.ok('ansible_kernel' in result.ansible_facts)
  }))

test.run()
