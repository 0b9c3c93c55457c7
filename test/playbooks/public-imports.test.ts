import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const folder = fileURLToPath(new URL('../../playbooks', import.meta.url))

test('the playbooks import of lib only what everybody may: they run with the library as it is built', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const inner = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/from '(?:\.\.\/)+lib\/(?!index\.ts')[^']*'/g)].map(
      ([found]) => `${file}: ${found}`,
    ),
  )
  assert.ok(files.length > 20)
  assert.equal(inner, [])
})

test.run()
