/** The picture in ARCHITECTURE.md, held against the imports: every arrow is an import, and every import goes along arrows. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { filesIn, importsOf, root } from './imports.ts'

const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8')
const picture = /```mermaid\n([^]*?)```/.exec(page)?.[1] ?? ''

/** A box of the picture is a folder or a file; its title is said where it first occurs. */
const titles = new Map([...picture.matchAll(/(\w+)\[([^\]]+)\]/g)].map(([, box = '', title = '']) => [box, title]))
const arrows = [...picture.matchAll(/^ *(\w+)(?:\[[^\]]+\])? --> (\w+)/gm)].map(
  ([, from = '', to = '']) => [titles.get(from) ?? from, titles.get(to) ?? to] as const,
)
/** Longest first, so that `lib/cli` is found before `lib`. */
const rooms = [...new Set(arrows.flat())].sort((a, b) => b.length - a.length)

function roomOf(file: string): string {
  return rooms.find((room) => file === room || file.startsWith(`${room}/`)) ?? file
}

/** `load('lib/cli/index')` in `bin/` is an import of what is built, or of the sources. */
const loads = readdirSync(join(root, 'bin'))
  .filter((name) => name.endsWith('.js'))
  .flatMap((name) => [...readFileSync(join(root, 'bin', name), 'utf8').matchAll(/\bload\('([^']+)'\)/g)])
  .map(([, to = '']) => ['bin', roomOf(to)] as const)

const imports = [
  ...loads,
  ...filesIn('lib', 'modules', 'playbooks', 'lab', 'bench')
    .flatMap(importsOf)
    .map(({ from, to }) => [roomOf(from), roomOf(to)] as const),
].filter(([from, to]) => from !== to)

/** Whether a way along arrows leads from one room to another. */
function leads(from: string, to: string): boolean {
  return arrows.some(([a, b]) => a === from && (b === to || leads(b, to)))
}

const text = ([from, to]: readonly [string, string]) => `${from} --> ${to}`

test('every arrow of the picture is an import', () => {
  assert.ok(arrows.length > 15)
  const found = new Set(imports.map(text))
  assert.equal(
    arrows.map(text).filter((arrow) => !found.has(arrow)),
    [],
  )
})

test('every import between rooms goes along arrows', () => {
  const wrong = imports.filter(([from, to]) => !leads(from, to)).map(text)
  assert.equal([...new Set(wrong)], [])
})

test('no way along arrows leads back', () => {
  const seen = (room: string, way: readonly string[]): readonly string[] =>
    way.includes(room)
      ? [[...way, room].join(' --> ')]
      : arrows.filter(([from]) => from === room).flatMap(([, to]) => seen(to, [...way, room]))
  assert.equal(
    rooms.flatMap((room) => seen(room, [])),
    [],
  )
})

test('the table names each room of the picture', () => {
  assert.equal(
    rooms.filter((room) => !page.includes(`\n| \`${room}\` `)),
    [],
  )
})

test.run()
