/** README's table names every module: what is not in it, nobody looks for. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import * as modules from '../../modules/index.ts'

test('README names every module', () => {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const missing = Object.keys(modules).filter((name) => !readme.includes(`\`${name}\``))
  assert.equal(missing, [])
})

test.run()
