/** The records of decisions: one form, consecutive numbers, and an index that lists each. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const folder = fileURLToPath(new URL('../../docs/decisions', import.meta.url))
const names = readdirSync(folder).sort()
const records = names.filter((name) => name !== 'README.md')
const form =
  /^# (?<number>\d+)\. (?<title>\S.*)\n\nDate: (?<date>\d{4}-\d\d-\d\d) · Status: (?<status>accepted|superseded by \d{4})\n\n## Context\n\n[^]+\n## Decision\n\n[^]+\n## Consequence\n\n[^]+\n$/

interface Head {
  readonly number: string
  readonly title: string
  readonly date: string
}

/** The head of a record; a record in another form has none. */
function headOf(name: string): Head | undefined {
  const { number, title, date } = form.exec(readFileSync(join(folder, name), 'utf8'))?.groups ?? {}
  return number === undefined || title === undefined || date === undefined ? undefined : { number, title, date }
}

test('a record has a title, a date, a status, a context, a decision and a consequence', () => {
  assert.ok(records.length >= 89)
  assert.equal(
    records.filter((name) => headOf(name) === undefined),
    [],
  )
})

test('the numbers are consecutive, and those of the file names', () => {
  assert.equal(
    records.map((name) => [Number(name.slice(0, 4)), Number(headOf(name)?.number)]),
    records.map((_, index) => [index + 1, index + 1]),
  )
})

test('the index lists each record with its date and title', () => {
  const lines = readFileSync(join(folder, 'README.md'), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('| ['))
  const wanted = records.map(
    (name) => `| [${name.slice(0, 4)}](${name}) | ${headOf(name)?.date} | ${headOf(name)?.title} |`,
  )
  assert.equal(lines, wanted)
})

test.run()
