import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { extraVars } from '../../../../lib/cli/options/extra-vars.ts'
import { parseKeyValues } from '../../../../lib/cli/options/key-values.ts'
import type { UsageError } from '../../../../lib/cli/options/usage-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'extra-vars-'))
const read = (...given: string[]) => extraVars(given, { cwd: folder, passwords: [], warn: () => {} })

/** The right-hand sides are what ansible-core 2.14.18 makes of the left ones. */
const cases: readonly (readonly [string, Record<string, string>])[] = [
  ['a=1', { a: '1' }],
  ['a="x y" b=2', { a: 'x y', b: '2' }],
  ["a='x y'z", { a: "'x y'z" }],
  ['a=[1,2]', { a: '[1,2]' }],
  [`a='{"k": 1}'`, { a: '{"k": 1}' }],
  ['a=b=c', { a: 'b=c' }],
  [`a="don't"`, { a: "don't" }],
  ['a={{ foo }} b=c', { a: '{{ foo }}', b: 'c' }],
  ['a="q\\nr"', { a: 'q\nr' }],
  ['a=\\x41\\u00e9', { a: 'Aé' }],
  ['a=', { a: '' }],
  ['a=" x "', { a: ' x ' }],
  ['a=x#y', { a: 'x#y' }],
  ['a="x\\"y"', { a: 'x"y' }],
  ['a=1\nb=2', { a: '1', b: '2' }],
  ['a=1\tb=2', { a: '1\tb=2' }],
  ['a=x"y z"w', { a: 'x"y z"w' }],
]
for (const [text, expected] of cases)
  test(`-e ${JSON.stringify(text)}`, () => assert.equal(parseKeyValues(text), expected))

test('a word without = is refused, where Ansible drops it and half a password with it', () => {
  assert.throws(() => parseKeyValues('password=two words'), /word 2 is not name=value/)
  assert.throws(() => parseKeyValues('a="never closed'), /never closes/)
  assert.throws(
    () => parseKeyValues('vars.yml'),
    (error: UsageError) => error.next === 'for a file of variables write -e @vars.yml',
  )
})

test('JSON, YAML and files, the later ones winning', async () => {
  writeFileSync(join(folder, 'vars.yml'), 'a: yes\nmode: 0644\nlist: [1, two]\n')
  writeFileSync(join(folder, 'vars.json'), '{"b": "json"}')
  assert.equal(await read('@vars.yml', '@vars.json', '{"c": {"d": 1}}', '{e: no}', 'a=last'), {
    a: 'last',
    mode: 420,
    list: [1, 'two'],
    b: 'json',
    c: { d: 1 },
    e: false,
  })
})

const refused: readonly (readonly [string, RegExp])[] = [
  ['./vars.yml', /looks like a file/],
  ['[1, 2]', /is not a mapping/],
  ['@missing.yml', /missing\.yml|cannot|no such/i],
]
for (const [text, message] of refused)
  test(`refused: -e ${text}`, async () => {
    const error = await read(text).then(
      () => undefined,
      (thrown: Error) => thrown,
    )
    assert.match(`${error?.message} ${JSON.stringify(error)}`, message)
  })

test.after(() => rmSync(folder, { recursive: true }))
test.run()
