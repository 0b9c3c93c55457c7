import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { readOptions } from '../../bench/options.ts'

const read = (...argv: readonly string[]) => readOptions(argv, '/clone', ['mixed', 'loop'])

test('without anything, all cases in their short form', () => {
  assert.equal(read(), {
    ...{ form: 'short', cases: [], forks: 20, runs: undefined, tools: undefined, library: '/clone' },
    results: '/clone/bench/results',
  })
})

test('a form, cases and numbers', () => {
  assert.equal(read('full', 'mixed', 'loop', '--forks', '5', '--runs', '1'), {
    ...{ form: 'full', cases: ['mixed', 'loop'], forks: 5, runs: 1, tools: undefined, library: '/clone' },
    results: '/clone/bench/results',
  })
})

test('what was measured only in part, or of another checkout, does not replace the results', () => {
  for (const part of [
    ['--tools', 'hostwright,script'],
    ['--hostwright', '/other'],
  ]) {
    const options = read(...part)
    assert.is(options !== 'help' && options.results, undefined)
  }
})

for (const [argv, why] of [
  [['fast'], /no case "fast"/],
  [['--forks', '0'], /--forks wants a number/],
  [['--runs', 'many'], /--runs wants a number/],
  [['--tools', 'puppet'], /"puppet" is none of/],
  [['--speed'], /Unknown option/],
] as const)
  test(`${argv.join(' ')} is refused`, () => assert.throws(() => read(...argv), why))

test.run()
