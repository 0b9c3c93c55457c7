import { readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = join(root, 'playbooks')

/** A playbook may import the public entry points of the package, and other playbooks. */
const open = /^(lib\/index\.ts|lib\/kit\/index\.ts|modules\/\w+\.ts|playbooks\/.*)$/

test('a playbook imports what everybody may: it runs with the built library and in another project', () => {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'))
  const closed = files.flatMap((file) =>
    [...readFileSync(join(folder, file), 'utf8').matchAll(/(?:from|import) ?\(?'(\.[^']+)'/g)]
      .map(([, to]) => relative(root, join(folder, file, '..', to ?? '')))
      .filter((to) => !open.test(to))
      .map((to) => `playbooks/${file} imports ${to}`),
  )
  assert.ok(files.length > 20)
  assert.equal(closed, [])
})

test.run()
