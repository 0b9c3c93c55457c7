// needs: busybox
/** The module that CONTRIBUTING.md walks through: its code is written to files as the page says, and its test must pass. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8')
/** Blocks of code that begin with the path of their file. */
const files = [...page.matchAll(/```ts\n\/\/ (\S+)\n([^]*?)```/g)].map(([, path = '', text = '']) => ({ path, text }))

test('the module of the walk passes its test', async () => {
  assert.equal(
    files.map(({ path }) => path),
    ['modules/motd.ts', 'test/modules/motd.test.ts'],
  )
  const folder = mkdtempSync(join(tmpdir(), 'hostwright-walk-'))
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
    }
    for (const name of ['package.json', 'node_modules', 'lib', 'test/lib', 'test/modules/on-host.ts'])
      symlinkSync(join(root, name), join(folder, name))
    const { status, text } = await run(folder, process.execPath, [...process.execArgv, 'test/modules/motd.test.ts'])
    assert.is(status, 0, text)
    assert.match(text, /Passed: +4/)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

test.run()
