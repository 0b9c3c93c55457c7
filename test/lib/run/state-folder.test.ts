/** Where handlers that still have to run are noted: one folder for each inventory, which nobody else can write to. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { stateFolder } from '../../../lib/run/state-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-state-'))
const quiet = { writes: true, warn: () => assert.unreachable('a warning') }

test('each inventory has its own, under the same name in each run', () => {
  const of = (...sources: readonly string[]) => stateFolder(folder, sources, quiet, {})
  assert.is(of('/etc/hosts.ini'), of('/etc/hosts.ini'))
  assert.is.not(of('/etc/hosts.ini'), of('/srv/hosts.ini'))
  assert.is.not(of('data'), of('data', 'cloud'))
  assert.match(of('/etc/hosts.ini'), new RegExp(`^${folder}/\\.hostwright/hosts\\.ini-[0-9a-f]{8}$`))
  assert.match(of('web1,web2'), /\/web1_web2-[0-9a-f]{8}$/)
  assert.match(of(), /\/localhost-[0-9a-f]{8}$/)
})

test('a path counts as the file that it leads to from the current folder', () => {
  assert.is(
    stateFolder(folder, ['a/../hosts.ini'], quiet, {}),
    stateFolder(folder, [join(process.cwd(), 'hosts.ini')], quiet, {}),
  )
})

test('where others can write, notes go to the user’s own cache, with a warning', () => {
  const open = join(folder, 'open')
  mkdirSync(join(open, '.hostwright'), { recursive: true })
  chmodSync(join(open, '.hostwright'), 0o777)
  const home = join(folder, 'home')
  mkdirSync(home)
  const said: string[] = []
  const found = stateFolder(open, ['hosts.ini'], { writes: true, warn: (text) => said.push(text) }, { HOME: home })
  assert.is(dirname(found), join(home, '.cache/hostwright/owed'))
  assert.equal(said, [
    `others can write to ${join(open, '.hostwright')}: handlers that do not run are noted in ${home}/.cache/hostwright/owed`,
  ])
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
