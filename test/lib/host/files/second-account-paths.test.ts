// needs: busybox
import { test } from 'uvu'
import { racePaths } from './path-races.ts'

// 200 times each in test/long.
for (const kind of ['gnu', 'busybox'] as const)
  test(`${kind}: root is not led elsewhere by an account that swaps folders and links in a loop`, () =>
    racePaths(kind, 5))

test.run()
