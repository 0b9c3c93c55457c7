import { Script } from 'node:vm'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../../lib/error.ts'
import { inTime } from '../../../lib/regexp/in-time.ts'
import { TimedRegExp } from '../../../lib/regexp/timed.ts'

process.env['HOSTWRIGHT_REGEXP_SECONDS'] = '0.3'
// Each of 2^40 ways to share the letters out is tried before it is clear that none fits.
const hostile = `${'a'.repeat(40)}b`

/** How often Node was asked to watch. */
let watches = 0
const watch = Object.getOwnPropertyDescriptor(Script.prototype, 'runInContext')?.value as Script['runInContext']
Script.prototype.runInContext = function (this: Script, ...args: Parameters<Script['runInContext']>): unknown {
  watches += 1
  return watch.apply(this, args)
}
function watchesOf(run: () => unknown): number {
  watches = 0
  run()
  return watches
}

function failureOf(run: () => unknown): HostwrightError {
  try {
    run()
  } catch (error) {
    if (error instanceof HostwrightError) return error
    throw error
  }
  throw new Error('it should have failed')
}

const searches: Readonly<Record<string, (expression: RegExp, all: RegExp) => unknown>> = {
  test: (expression) => expression.test(hostile),
  exec: (expression) => expression.exec(hostile),
  match: (expression) => hostile.match(expression),
  matchAll: (_expression, all) => [...hostile.matchAll(all)],
  replace: (expression) => hostile.replace(expression, ''),
  replaceAll: (_expression, all) => hostile.replaceAll(all, ''),
  search: (expression) => hostile.search(expression),
  split: (expression) => hostile.split(expression),
}
for (const [name, search] of Object.entries(searches))
  test(`${name}: a search that would never end is ended, and says which and what to do`, () => {
    const source = `^(?:a+)+$|${name}`
    const error = failureOf(() => search(new TimedRegExp(source), new TimedRegExp(source, 'g')))
    assert.match(error.message, `the regular expression ${JSON.stringify(source)} tries too many ways`)
    assert.match(error.message, 'it was ended after 0.3 s')
    assert.match(error.next ?? '', 'HOSTWRIGHT_REGEXP_SECONDS')
  })

test('the message has the expression as the user wrote it, and where it was searched', () => {
  const expression = new TimedRegExp('(?<![^])(a+)+(?![^])', 'u', '\\A(a+)+\\Z')
  const { message } = failureOf(() => inTime(() => expression.test(hostile), '/etc/hosts'))
  assert.match(message, '"\\\\A(a+)+\\\\Z" tries too many ways to match 41 characters of /etc/hosts')
})

test('what used up its time once gets less the next time, so that many hosts do not wait one by one', () => {
  const expression = new TimedRegExp('^(a+)+x')
  assert.match(failureOf(() => expression.test(hostile)).message, 'after 0.3 s')
  assert.match(failureOf(() => expression.test(hostile)).message, 'after 0.1 s')
  assert.ok(expression.test('aax'))
})

test('a search that takes too much memory says so', () => {
  process.env['HOSTWRIGHT_REGEXP_SECONDS'] = '60'
  const { message } = failureOf(() => new TimedRegExp('^(?:a|b)*c').test('ab'.repeat(5_000_000)))
  process.env['HOSTWRIGHT_REGEXP_SECONDS'] = '0.3'
  assert.match(message, 'needs too much memory')
})

test('what is found is what any regular expression finds', () => {
  const text = 'x=1, y=22'
  for (const flags of ['g', 'gu', 'gd', 'gi']) {
    const [timed, plain] = [new TimedRegExp('(\\w)=(?<value>\\d+)', flags), new RegExp('(\\w)=(?<value>\\d+)', flags)]
    assert.equal([...text.matchAll(timed)], [...text.matchAll(plain)])
    assert.is(text.replace(timed, '$<value>'), text.replace(plain, '$<value>'))
    assert.equal(text.split(timed), text.split(plain))
  }
  assert.is(new TimedRegExp('(a+)+$').exec('baa')?.index, 1)
})

test('watching is for what may take long: the usual searches go without, and many of one edit share one watch', () => {
  const usual = new TimedRegExp('^\\s*#?\\s*Port\\s+\\d+')
  assert.is(
    watchesOf(() => Array.from({ length: 300 }, () => usual.test('#Port 22 and more'))),
    0,
  )
  const nested = new TimedRegExp('^(?:\\w+\\.)+$')
  assert.is(
    watchesOf(() => inTime(() => Array.from({ length: 300 }, () => nested.test('a.b')))),
    1,
  )
})

test('many short searches of one edit are watched together before they take long', () => {
  const slow = new TimedRegExp('a.*b.*c.*d.*e.*f')
  const { message } = failureOf(() =>
    inTime(() => {
      while (!slow.test('a b c d e '));
    }),
  )
  assert.match(message, 'it was ended after')
})

test('what fails for another reason fails with it', () => {
  assert.throws(
    () =>
      inTime(() => {
        new TimedRegExp('(a+)+').test('a')
        throw new TypeError('mine')
      }),
    (error: unknown) => error instanceof TypeError && error.message === 'mine',
  )
  assert.ok(new TimedRegExp('a').test('a'))
})

test.run()
