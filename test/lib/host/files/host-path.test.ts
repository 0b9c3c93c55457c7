import { posix } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { commonFolder, wayBelow } from '../../../../lib/host/files/host-path.ts'

test('the folder that holds them all', () => {
  const cases: readonly (readonly [readonly string[], string])[] = [
    [['/etc/nginx/conf.d'], '/etc/nginx/conf.d'],
    [['/etc/nginx', '/etc/nginx/conf.d', '/etc/ngin'], '/etc'],
    [['/etc', '/etcetera'], '/'],
    [['/', '/etc'], '/'],
    [['~', '~/a'], '~'],
    [['~deploy/a/b', '~deploy/a/c'], '~deploy/a'],
  ]
  for (const [folders, common] of cases) assert.is(commonFolder(folders), common, folders.join(' '))
})

test('the way below it leads back to where it came from, and is never taken for an option', () => {
  const name = fc.string({ unit: fc.constantFrom('a', '-', '~', ' ', '\n'), minLength: 1, maxLength: 3 })
  const folder = fc.array(name, { maxLength: 4 }).map((names) => `/${names.join('/')}`)
  fc.assert(
    fc.property(fc.array(folder, { minLength: 1, maxLength: 5 }), (folders) => {
      const common = commonFolder(folders)
      for (const one of folders) {
        const way = wayBelow(common, one)
        assert.match(way, /^\.(\/|$)/)
        assert.is(posix.join(common, way), one)
      }
    }),
  )
})

test.run()
