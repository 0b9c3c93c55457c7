/** A lab belongs to a project: commands from any of its folders must find the same one. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { openLab } from '../../../lab/index.ts'
import { packageFolder, projectFolder } from '../../../lab/project/folders.ts'

const top = mkdtempSync(join(tmpdir(), 'hostwright-lab-folders-'))
const clone = fileURLToPath(new URL('../../..', import.meta.url)).replace(/\/$/, '')

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(top, name)), { recursive: true })
  writeFileSync(join(top, name), text)
}
write('package.json', '{ "hostwright": { "lab": { "hosts": ["web1"] } } }')
write('packages/plain/package.json', '{ "name": "plain", "hostwright": { "inventory": "hosts.ini" } }')
write('packages/plain/test/a.ts', '')
write('packages/own/package.json', '{ "hostwright": { "lab": {} } }')
write('packages/broken/package.json', '{')

const cases: readonly (readonly [title: string, from: string, found: string])[] = [
  ['the folder itself', '.', '.'],
  ['from a folder below', 'packages', '.'],
  ['a workspace has the lab of the project around it', 'packages/plain/test', '.'],
  ['a workspace has a lab of its own when it says so', 'packages/own', 'packages/own'],
]
for (const [title, from, found] of cases) test(title, () => assert.is(projectFolder(join(top, from)), join(top, found)))

test('without any setting it is the nearest package.json: in a checkout, the checkout', () => {
  assert.is(packageFolder, clone)
  assert.is(projectFolder(join(clone, 'test/lab')), clone)
})

test('a link leads to the same project, and to the same lab', () => {
  symlinkSync(top, `${top}-link`)
  assert.is(openLab({ project: `${top}-link` }).id, openLab({ project: join(top, 'packages') }).id)
  rmSync(`${top}-link`)
})

test('where there is no project, and where there is no folder, it says so', () => {
  const none = mkdtempSync(join(tmpdir(), 'hostwright-lab-none-'))
  assert.throws(() => projectFolder(none), /No package\.json is in .*npm init/s)
  rmSync(none, { recursive: true })
  assert.throws(() => projectFolder(none), /There is no folder/)
})

test.after(() => rmSync(top, { recursive: true }))
test.run()
