// slow: makes the declarations of the whole package
/** A change of what the package exports is seen in a diff, and everything that a signature mentions has a name that a program can import. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTwoFilesPatch } from 'diff'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { declarationsOf } from './declarations.ts'
import { exportedBy, unnamed } from './exported.ts'
import { faces, root } from './faces.ts'
import { fileOf, reportOf } from './report.ts'

const all = faces()
const declarations = declarationsOf(all)
const folder = join(root, 'docs/api')

for (const face of all)
  test(`docs/api says what ${face.name} exports`, async () => {
    const path = `docs/api/${fileOf(face)}`
    const made = await reportOf(face, declarations)
    const kept = readdirSync(folder).includes(fileOf(face)) ? readFileSync(join(root, path), 'utf8') : ''
    const patch = createTwoFilesPatch(path, path, kept, made, 'in the checkout', 'by the code', { context: 2 })
    assert.ok(made === kept, `write the report anew, if this is meant: npm run api\n${patch}`)
  })

test('docs/api has no report of a face that is gone', () => {
  assert.equal(readdirSync(folder).sort(), all.map(fileOf).sort())
})

test('everything that a public signature mentions is exported under its name', () => {
  assert.equal(
    unnamed(
      all.flatMap((face) => exportedBy(face, declarations)),
      declarations,
    ),
    [],
  )
})

const reportNamed = async (name: string) => {
  const face = all.find((one) => one.name === name)
  return face === undefined ? '' : reportOf(face, declarations)
}

test('a report has the parameters, defaults and results of modules', async () => {
  const report = await reportNamed('hostwright/modules')
  assert.match(report, /^ping → \{ ping: string; \}\n {4}data: string = "pong"$/m)
  assert.match(report, /^pg_query → PgQueryResult$/m)
  assert.match(report, /^ {2}\* query: string$/m)
})

test('a report has signatures, by namespace', async () => {
  const report = await reportNamed('hostwright/kit')
  assert.match(report, /^## barman$/m)
  assert.match(report, /^function secondsIn\(/m)
})

test.run()
