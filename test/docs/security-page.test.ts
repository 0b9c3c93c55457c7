/** SECURITY.md promises that a test holds each line of its tables: the tests that it names must be there, under the words that it quotes. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = new URL('../..', import.meta.url).pathname
const threats = readFileSync(join(root, 'SECURITY.md'), 'utf8').split('\n## Threats')[1] ?? ''
const rows = threats
  .split('\n')
  .filter((line) => line.startsWith('| ') && !/^\| (-|threat )/.test(line))
  .map((line) => line.slice(2, -2).split(' | '))

test('each threat names the tests that hold it, and they are there', () => {
  assert.ok(rows.length > 10, 'the tables of threats were not found')
  for (const [threat = '', , heldBy = ''] of rows) {
    const named = [...heldBy.matchAll(/`(test\/[^`]+)` "([^"]+)"/g)]
    assert.ok(named.length > 0, `no test is named for: ${threat}`)
    for (const [, file = '', title = ''] of named) {
      assert.ok(existsSync(join(root, file)), `${file} is not there`)
      assert.ok(readFileSync(join(root, file), 'utf8').includes(title), `${file} has no test “${title}”`)
    }
  }
})

test.run()
