import { userInfo } from 'node:os'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { cacheFolder } from '../../../lib/cli/cache-folder.ts'

const cases: readonly (readonly [NodeJS.ProcessEnv, string])[] = [
  [{ HOME: '/home/ann' }, '/home/ann/.cache/hostwright'],
  [{ HOME: '/home/ann', XDG_CACHE_HOME: '/var/cache/ann' }, '/var/cache/ann/hostwright'],
  [{ HOME: '/home/ann', XDG_CACHE_HOME: 'cache' }, '/home/ann/.cache/hostwright'],
  [{ HOME: '', XDG_CACHE_HOME: '' }, `${userInfo().homedir}/.cache/hostwright`],
  [{}, `${userInfo().homedir}/.cache/hostwright`],
]
for (const [env, folder] of cases)
  test(`the cache of ${JSON.stringify(env)} lies in ${folder}`, () => assert.is(cacheFolder(env), folder))

test.run()
