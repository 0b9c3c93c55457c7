import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { play } from '../../../lib/index.ts'
import { rememberSecret } from '../../../lib/secret.ts'
import { shell } from '../../../modules/shell.ts'
import { runHere } from './support.ts'

/** The newest lines that a run tells of a task that takes five seconds. */
async function told(says: string, no_log: boolean): Promise<readonly string[]> {
  const slow = play('Slow', { hosts: 'one' }).task('Wait', () => shell({ cmd: `echo '${says}'; sleep 5` }), { no_log })
  const { events } = await runHere([slow], { hosts: ['one'] })
  const lines = events.flatMap((event) => (event.type === 'progress' ? event.line : []))
  assert.ok(lines.length > 0, 'nothing was told of a task that takes long')
  return lines
}

test('a task with no_log says that it is under way, and nothing of its output', async () => {
  for (const line of await told('a token that only the host knows', true)) assert.is(line, '')
})

test('a known secret in the newest line is masked before anybody cuts the line', async () => {
  rememberSecret('progress-s3cret')
  for (const line of await told('login with progress-s3cret', false)) assert.is(line, 'login with ********')
})

test('what a task with no_log failed with is not told between its retries either', async () => {
  const fails = play('Retry', { hosts: 'one' }).task('Try', () => shell({ cmd: 'echo hidden-word >&2; exit 3' }), {
    ...{ no_log: true, retries: 1, delay: 0 },
  })
  const { events } = await runHere([fails], { hosts: ['one'] })
  const retries = events.flatMap((event) => (event.type === 'retry' ? event.message : []))
  assert.equal(retries, [''])
})

test.run()
