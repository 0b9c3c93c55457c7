import { test } from 'uvu'
import { racePaths } from '../lib/host/files/path-races.ts'

for (const kind of ['gnu', 'busybox'] as const)
  test(`${kind}: root is not led elsewhere in 200 tries by an account that swaps folders and links in a loop`, () =>
    racePaths(kind, 200))

test.run()
