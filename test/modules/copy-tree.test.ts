import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { copy } from '../../modules/copy.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { harvest, plant, trees } from '../support/trees.ts'
import { onHost, prove, taskIn } from './on-host.ts'

for (const kind of kinds)
  test(`${kind}: whatever is in a folder arrives as it is, once`, () =>
    onHost(kind, async (host, folder) => {
      let round = 0
      await fc.assert(
        fc.asyncProperty(trees, async (tree) => {
          const [src, dest] = [`from${round}`, join(folder, `to${round++}`)]
          plant(join(folder, src), tree)
          const call = copy({ src: `${src}/`, dest, mode: 'preserve', local_follow: false })
          await prove(host, call, taskIn(folder))
          assert.equal(harvest(dest), harvest(join(folder, src)))
        }),
        { numRuns: 20, includeErrorInReport: true },
      )
    }))

test.run()
