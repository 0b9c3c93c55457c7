import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Entry } from '../../bench/measure/race.ts'
import { linearAxis, logAxis } from '../../bench/report/axis.ts'
import { markdown } from '../../bench/report/markdown.ts'
import { charts } from '../../bench/report/plots.ts'
import { withSpeed } from '../../bench/report/publish.ts'
import { withCase, type Results } from '../../bench/report/results.ts'
import { addedRoundTrips } from '../../bench/report/round-trips.ts'
import { digits, spread } from '../../bench/report/spread.ts'
import { svg } from '../../bench/report/svg.ts'
import { judgeTargets } from '../../bench/report/targets.ts'

const entry = (more: Partial<Entry>): Entry => ({
  ...{ what: 'mixed tasks', hosts: 1, tasks: 100, tool: 'hostwright', wall: [1], cpu: [1], spoiled: [] },
  ...more,
})
const resultOf = (...entries: readonly Entry[]) => ({
  title: 'T',
  date: '2026-01-02T03:04:05Z',
  commit: 'abc',
  forks: 20,
  entries,
})
const empty: Results = { form: 'full', machine: { node: '20' }, cases: {} }

test('the median lies in the middle', () => {
  assert.equal(spread([3, 1, 2]), { median: 2, low: 1, high: 3, count: 3 })
  assert.equal(spread([4, 1]), { median: 2.5, low: 1, high: 4, count: 2 })
  assert.is(spread([]), undefined)
})

for (const [value, shown] of [
  [0, '0'],
  [0.04567, '0.0457'],
  [0.4567, '0.457'],
  [4.567, '4.57'],
  [45.67, '45.7'],
  [4567.8, '4568'],
  [NaN, '–'],
] as const)
  test(`${value} is shown as ${shown}`, () => assert.is(digits(value), shown))

for (const [kind, axis] of [
  ['linear', linearAxis],
  ['logarithmic', logAxis],
] as const)
  test(`a ${kind} axis holds all its values between its ticks`, () => {
    const values = fc.array(fc.double({ min: 1e-3, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(values, (given) => {
        const { at, ticks } = axis(given)
        assert.ok(ticks.length >= 2 && ticks.length <= 12, `${ticks.length} ticks`)
        for (const value of [...given, ...ticks]) assert.ok(at(value) > -1e-6 && at(value) < 1 + 1e-6, String(value))
        assert.ok(ticks.every((tick, i) => i === 0 || tick > (ticks[i - 1] ?? tick)))
      }),
    )
  })

test('a longer way tells how many round trips a run waits for', () => {
  const entries = [entry({ rtt: 0, wall: [1, 1, 9] }), entry({ rtt: 200, wall: [3, 3.1, 0.2] })]
  assert.is(addedRoundTrips(entries[1] as Entry, entries), 10)
  assert.is(addedRoundTrips(entries[0] as Entry, entries), undefined)
})

test('a case that was run alone replaces its older result and no other', () => {
  const [first, second] = [resultOf(entry({})), resultOf(entry({ wall: [2] }))]
  const results = withCase(withCase(withCase(empty, 'a', first), 'b', first), 'a', second)
  assert.equal(results.cases, { a: second, b: first })
})

test('targets are judged from the medians, and say when nothing was measured', () => {
  const mixed = resultOf(
    entry({ wall: [0.5] }),
    entry({ tool: 'mitogen', wall: [5.5] }),
    entry({ hosts: 10, wall: [1] }),
    entry({ hosts: 10, tool: 'mitogen', wall: [14] }),
  )
  const judged = judgeTargets(withCase(empty, 'mixed', mixed))
  const about = (part: string) => judged.find(({ target }) => target.includes(part))
  assert.equal(about('on one host, against mitogen'), {
    ...{ target: '100 tasks on one host, against mitogen', wanted: '≥ 8×', measured: '11.0×', met: true },
  })
  assert.is(about('on 10 hosts')?.met, false)
  assert.is(about('on 100 hosts, against')?.met, undefined)
})

test('the table tells what does not count, and leaves out what nobody measured', () => {
  const spoiled = entry({ tool: 'mitogen', wall: [], cpu: [], spoiled: ['it changed 1 on light1'] })
  const text = markdown(withCase(empty, 'mixed', resultOf(entry({}), spoiled)), [
    { file: 'full-mixed.svg', title: 'Mixed' },
  ])
  assert.match(text, '- ansible + mitogen, mixed tasks: a run does not count, it changed 1 on light1')
  assert.match(text, '![Mixed](full-mixed.svg)')
  assert.not.match(text, 'added RTT')
})

test('a chart draws each tool’s line, and is well-formed whatever its title holds', () => {
  const mixed = resultOf(entry({}), entry({ hosts: 10, wall: [3, 4] }), entry({ tool: 'script' }))
  const chart = charts(withCase(empty, 'mixed', mixed))['mixed']
  assert.ok(chart)
  const drawn = svg({ ...chart, title: 'a < b & "c"' })
  assert.is(drawn.match(/<polyline /g)?.length, 2)
  assert.is(drawn.match(/<circle /g)?.length, 3)
  assert.match(drawn, 'a &#60; b &#38; &#34;c&#34;')
  assert.not.match(drawn, /NaN|undefined|Infinity/)
})

test('the README takes the numbers between its marks, again and again', () => {
  const readme = 'before\n<!-- speed: written by `npm run bench -- full` -->\nold\n<!-- end of speed -->\nafter\n'
  const once = withSpeed(readme, '| a |\n')
  assert.match(once, '| a |')
  assert.not.match(once, 'old')
  assert.is(withSpeed(once, '| a |\n'), once)
  assert.is(withSpeed('no marks\n', '| a |\n'), 'no marks\n')
})

test.run()
