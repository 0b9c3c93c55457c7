import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { expandRanges } from '../../../../lib/inventory/sources/ranges.ts'

const cases: readonly (readonly [pattern: string, hosts: readonly string[]])[] = [
  ['web', ['web']],
  ['web[1:3]', ['web1', 'web2', 'web3']],
  ['web[01:10:3]', ['web01', 'web04', 'web07', 'web10']],
  ['db-[a:c]', ['db-a', 'db-b', 'db-c']],
  ['[y:B]', ['y', 'z', 'A', 'B']],
  ['r[1:2]-n[a:b].lab', ['r1-na.lab', 'r1-nb.lab', 'r2-na.lab', 'r2-nb.lab']],
  ['x[:2]', ['x0', 'x1', 'x2']],
  ['x[098:101:2]', ['x098', 'x100']],
]

for (const [pattern, hosts] of cases)
  test(`${pattern} stands for ${hosts.join(', ')}`, () => {
    assert.equal(expandRanges(pattern), { hosts })
  })

const refused: readonly (readonly [pattern: string, why: RegExp])[] = [
  ['web[1:', /does not close/],
  ['web]1[', /does not close/],
  ['web[1]', /no range/],
  ['web[1:2:3:4]', /more than/],
  ['web[1:]', /no end/],
  ['web[3:1]', /ends before it begins/],
  ['web[c:a]', /ends before it begins/],
  ['web[01:100]', /equally long/],
  ['web[1:5:0]', /step/],
  ['web[1:5:-1]', /step/],
  ['web[a:5]', /neither of numbers nor of single letters/],
  ['web[ab:cd]', /single letters/],
  ['web[1:99999999]', /more than 100000/],
  ['web[1:999][1:999]', /more than 100000/],
]

for (const [pattern, why] of refused)
  test(`${pattern} is refused: ${why.source}`, () => {
    const found = expandRanges(pattern)
    assert.ok('error' in found)
    assert.match(found.error, why)
  })

test('a range of numbers has as many hosts as it counts', () => {
  const bound = fc.integer({ min: 0, max: 500 })
  fc.assert(
    fc.property(bound, bound, fc.integer({ min: 1, max: 7 }), (begin, length, step) => {
      const found = expandRanges(`h[${begin}:${begin + length}:${step}]`)
      assert.ok('hosts' in found)
      assert.is(found.hosts.length, Math.floor(length / step) + 1)
      assert.is(new Set(found.hosts).size, found.hosts.length)
    }),
  )
})

test.run()
