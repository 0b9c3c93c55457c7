// needs: busybox
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { copy } from '../../modules/copy.ts'
import { kinds } from '../lib/host/files/hosts-here.ts'
import { harvest, plant, trees } from '../support/trees.ts'
import { onHost } from './on-host.ts'
import { prove, refusal, taskIn } from '../../lib/testing/index.ts'

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
        { numRuns: 12, includeErrorInReport: true },
      )
    }))

test('a folder that is a link is followed, a file that is one is replaced, and what neither belongs to stays', () =>
  onHost('gnu', async (host, folder) => {
    plant(join(folder, 'src'), {
      'sub/a': { type: 'file', content: Buffer.from('new'), mode: 0o644 },
      'sub/b': { type: 'file', content: Buffer.from('new'), mode: 0o644 },
    })
    const [dest, elsewhere] = [join(folder, 'dest'), join(folder, 'elsewhere')]
    plant(dest, { sub: { type: 'link', target: '../elsewhere' } })
    plant(elsewhere, {
      a: { type: 'link', target: 'kept' },
      kept: { type: 'file', content: Buffer.from('kept'), mode: 0o644 },
    })
    const done = await prove(host, copy({ src: 'src/', dest }), taskIn(folder))
    assert.equal(
      done.diff.map(({ of }) => of),
      [join(dest, 'sub/a'), join(dest, 'sub/b')],
    )
    const now = harvest(elsewhere)
    assert.equal(
      Object.keys(now).map((name) => readFileSync(join(elsewhere, name), 'utf8')),
      ['new', 'new', 'kept'],
    )
    assert.is(now['a']?.type, 'file')
    assert.equal(harvest(dest), { sub: { type: 'link', target: '../elsewhere' } })
  }))

test('with validate, each file is judged, and the error names the one that is refused', () =>
  onHost('gnu', async (host, folder) => {
    const file = (text: string) => ({ type: 'file' as const, content: Buffer.from(text), mode: 0o644 })
    plant(join(folder, 'src'), { good: file('good\n'), bad: file('bad\n') })
    const call = copy({ src: 'src/', dest: join(folder, 'dest'), validate: 'grep -q good %s' })
    assert.match(await refusal(host, call, taskIn(folder)), join(folder, 'dest/bad'))
    assert.equal(Object.keys(harvest(join(folder, 'dest'))), ['good'])
  }))

test.run()
