/** A failed test must never look like one that passed. */
import { readFileSync } from 'node:fs'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { judge, type Check, type Ending } from './check.ts'
import { checksOf } from './kinds.ts'
import { packagesFor, programNames } from './programs.ts'
import { withoutPrograms } from './without-programs.ts'

const file: Check = { name: 'a.test.ts', argv: [], limit: 1, counts: true }
const said = (total: number, passed: number) => `\n  Total:     ${total}\n  Passed:    ${passed}\n  Skipped:   0\n`

const endings: readonly (readonly [title: string, ending: Ending, passed: number, failed: number])[] = [
  ['all pass', { code: 0, output: said(3, 3), late: false }, 3, 0],
  ['one fails', { code: 1, output: said(3, 2), late: false }, 2, 1],
  ['no test ran', { code: 0, output: '', late: false }, 0, 1],
  ['all pass, and the process ends with an error', { code: 1, output: said(3, 3), late: false }, 3, 1],
  ['all pass, and the process does not end', { code: 0, output: said(3, 3), late: true }, 3, 1],
]

for (const [title, ending, passed, failed] of endings)
  test(`a file in which ${title}`, () => assert.equal(judge(file, ending), { name: file.name, passed, failed }))

test('a program that ends with an error has failed', () => {
  assert.is(judge({ ...file, counts: false }, { code: 2, output: '', late: false }).failed, 1)
})

test('every test file on this machine is of one kind: without packages, or with packages that are known', () => {
  const names = (kind: 'unit' | 'slow' | 'programs') => checksOf(kind).map(({ name }) => name)
  const [unit, programs] = [[...names('unit'), ...names('slow')], names('programs')]
  assert.is(new Set(unit).size, unit.length)
  assert.ok(unit.length > 50 && programs.length > 20)
  assert.equal(
    unit.filter((name) => programs.includes(name) || readFileSync(name, 'utf8').startsWith('// needs:')),
    [],
  )
  for (const name of programs) assert.ok(packagesFor(name).length > 0, name)
})

test('unit tests find no program of such a package', () => {
  const path = withoutPrograms([file])[0]?.env?.['PATH'] ?? ''
  assert.ok(path !== '' && programNames.length > 15)
  for (const name of programNames) assert.throws(() => readFileSync(`${path}/${name}`), /ENOENT/, name)
  assert.ok(readFileSync(`${path}/ls`).length > 0)
})

test.run()
