/** Mistakes in a playbook or an inventory are reported before a host is touched. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { InputErrors } from '../../../lib/error.ts'
import { play, schema } from '../../../lib/play/play.ts'
import { Type } from '../../../lib/schema/index.ts'
import { content, runHere, scratch } from './support.ts'

const here = { hosts: 'here' }

test('everything that is wrong is told before a host is touched, all at once, with its place', async () => {
  const dir = scratch()
  const path = join(dir, 'touched')
  const attempt = runHere([
    play('first', here).task('touches', () => content({ path })),
    play('last', {
      ...here,
      vars: schema({ port: Type.Integer(), size: Type.Integer() }),
      values: { size: 'big' },
    }).task('never', () => content({ path })),
    play('typo', here).task('misspelt', () => content({ path, txet: 'x' } as never)),
  ])
  try {
    await attempt
    assert.unreachable('the run must be refused')
  } catch (error) {
    assert.instance(error, InputErrors)
    const messages = (error as InputErrors).errors.map((one) => one.message)
    assert.match(messages.join('\n'), /variable "port" is not set/)
    assert.match(messages.join('\n'), /"size" must be a whole number, not "big"/)
    assert.match(messages.join('\n'), /unknown parameter "txet" — did you mean "text"\?/)
    assert.is((error as InputErrors).errors.length, 2, 'one error for both hosts')
    assert.ok((error as InputErrors).errors.every((one) => one.place?.line !== undefined))
  }
  assert.not(existsSync(path))
})

test('what cannot be right about the way to a host is told before any host is touched', async () => {
  const path = join(scratch(), 'touched')
  try {
    await runHere([play('p', here).task('touches', () => content({ path }))], {
      ini: '[here]\none ansible_connection=local\ntwo ansible_connection=carrier_pigeon\n',
    })
    assert.unreachable('the run must be refused')
  } catch (error) {
    assert.instance(error, InputErrors)
    assert.match((error as InputErrors).message, /carrier_pigeon/)
  }
  assert.not(existsSync(path))
})

test.run()
