// needs: busybox
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../lib/error.ts'
import { lines, quote, raw, sh } from '../../lib/quote.ts'

const shells: readonly (readonly [string, ...string[]])[] = [['dash'], ['bash', '--posix'], ['busybox', 'sh']]

/** Any text that can be an argument on Unix. */
const word = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.string({
      unit: fc.constantFrom("'", '"', '\\', '$', '`', '!', '\n', ' ', '*', '~', '-', ';', '&', 'a'),
      maxLength: 20,
    }),
  )
  .filter((text) => !text.includes('\0'))

for (const [shell, ...args] of shells)
  test(`${shell}: a quoted word arrives as it was, whatever it holds`, () => {
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 20 }), (words) => {
        const script = sh`for a in ${words}; do printf '%s\\0' "$a"; done`
        const { stdout, status } = spawnSync(shell, [...args, '-c', script.text], { encoding: 'utf8' })
        assert.is(status, 0)
        assert.equal(stdout.split('\0').slice(0, -1), words)
      }),
      { numRuns: 60 },
    )
  })

const written: readonly (readonly [text: string, quoted: string])[] = [
  ['plain', 'plain'],
  ['/etc/postgresql/15/main/conf.d', '/etc/postgresql/15/main/conf.d'],
  ['', "''"],
  ['two words', "'two words'"],
  ["it's", "'it'\\''s'"],
  ['$HOME', "'$HOME'"],
  ['~root', "'~root'"],
  ['a=b', "'a=b'"],
]
for (const [text, quoted] of written)
  test(`${JSON.stringify(text)} is written ${quoted}`, () => assert.is(quote(text), quoted))

test('numbers, lists and scripts each go in as what they are', () => {
  assert.is(sh`head -n ${5} ${['a b', 'c']} && ${raw('true | false')}`.text, "head -n 5 'a b' c && true | false")
  assert.is(lines(raw('a'), raw('b')).text, 'a\nb')
})

test('a NUL byte is refused before a host is touched', () => {
  assert.throws(
    () => quote('a\0b'),
    (error: unknown) => error instanceof HostwrightError && error.kind === 'input' && error.next !== undefined,
  )
})

test.run()
