import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { thisUser } from '../../lib/this-user.ts'
import { cacheFolder } from '../../lib/cache-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-cache-'))
test.after(() => rmSync(folder, { recursive: true }))
const home = join(folder, 'ann')
mkdirSync(home)

const cases: readonly (readonly [NodeJS.ProcessEnv, string | undefined])[] = [
  [{ HOME: home }, `${home}/.cache/hostwright/code`],
  [{ HOME: home, XDG_CACHE_HOME: `${folder}/caches` }, `${folder}/caches/hostwright/code`],
  [{ HOME: home, XDG_CACHE_HOME: 'caches' }, `${home}/.cache/hostwright/code`],
  [{ HOME: `${folder}/nobody` }, undefined],
  [{ HOME: home, XDG_CACHE_HOME: `${folder}/no/caches` }, undefined],
]
for (const [env, expected] of cases)
  test(`the cache of ${JSON.stringify(env)} lies in ${expected ?? 'no folder'}`, () =>
    assert.is(cacheFolder(env, ['code'], true), expected))

test('nothing is made where it is only asked for', () =>
  assert.is(cacheFolder({ HOME: home }, ['never made'], false), undefined))

test('without HOME it lies in the home that passwd names', () => assert.is(thisUser().home, userInfo().homedir))

test.run()
