import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { defined } from '../../lib/defined.ts'

test('what is undefined is left out, and nothing else', () =>
  assert.equal(
    Object.entries(defined({ a: undefined, b: null, c: false, d: 0, e: '' })),
    Object.entries({ b: null, c: false, d: 0, e: '' }),
  ))

test.run()
