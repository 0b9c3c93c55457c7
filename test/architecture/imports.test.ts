/** The shape of the code: imports go down, no circle of imports, types included, and no room with too many files. */
import { dirname } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { filesIn, importsOf } from './imports.ts'

const files = filesIn('lib', 'modules', 'playbooks', 'lab')
const imports = new Map(files.map((file) => [file, importsOf(file)]))

/** Everything that a file reaches, itself only when it is in a circle. */
function reach(file: string): ReadonlySet<string> {
  const found = new Set<string>()
  const open = [file]
  for (let next = open.pop(); next !== undefined; next = open.pop())
    for (const { to } of imports.get(next) ?? [])
      if (!found.has(to)) {
        found.add(to)
        open.push(to)
      }
  return found
}

test('no file imports itself by way of others', () => {
  assert.ok(files.length > 400)
  assert.equal(
    files.filter((file) => reach(file).has(file)),
    [],
  )
})

/** `modules` has a page for each module. */
const crowded = ['modules']

test('no folder has more than 20 files, but those that are known', () => {
  const counts = new Map<string, number>()
  for (const file of files) counts.set(dirname(file), (counts.get(dirname(file)) ?? 0) + 1)
  const found = [...counts].filter(([, count]) => count > 20).map(([folder]) => folder)
  assert.equal(found.sort(), [...crowded].sort())
})

/** The rooms of lib, top floor first: a file imports from its own room and from those below. `ground` is the files of lib itself. */
const floors = [
  'index',
  'cli',
  'testing',
  'run',
  'report',
  'kit',
  'engine',
  'play',
  'host',
  'connection',
  'inventory',
  'events',
  'encode',
  'schema',
  'regexp',
  'ground',
]

function floorOf(file: string): number {
  const room = /^lib\/(\w+)\//.exec(file)?.[1]
  if (room !== undefined) return floors.indexOf(room)
  return floors.indexOf(file === 'lib/index.ts' ? 'index' : 'ground')
}

test('imports of lib go down', () => {
  const within = filesIn('lib')
  assert.equal(
    within.filter((file) => floorOf(file) < 0),
    [],
    'a room that has no floor',
  )
  const found = within.flatMap((file) =>
    (imports.get(file) ?? [])
      .filter(({ to }) => !to.startsWith('lib/') || floorOf(to) < floorOf(file))
      .map(({ to }) => `${file} -> ${to}`),
  )
  assert.equal(found, [])
})

test('a module imports hostwright and the kit, and no other module', () => {
  const wrong = filesIn('modules').flatMap((file) =>
    (imports.get(file) ?? [])
      .filter(({ to }) => file !== 'modules/index.ts' && to !== 'lib/index.ts' && !to.startsWith('lib/kit/'))
      .map(({ to }) => `${file} imports ${to}`),
  )
  assert.equal(wrong, [])
})

test('what a module takes from the kit is exported by hostwright/kit', () => {
  const missing = filesIn('modules').flatMap((file) =>
    (imports.get(file) ?? [])
      .filter(({ to }) => to.startsWith('lib/kit/'))
      .flatMap(({ to, names }) => names.filter((name) => !isExported(to, name)).map((name) => `${to}: ${name}`)),
  )
  assert.equal([...new Set(missing)].sort(), [])
})

/** Does the index beside the file export the name, and do the indexes above pass it on? */
function isExported(file: string, name: string): boolean {
  const index = `${dirname(file)}/index.ts`
  const named = (imports.get(index) ?? []).some(({ to, names }) => to === file && names.includes(name))
  return named && isPassedOn(index)
}

function isPassedOn(index: string): boolean {
  const above = `${dirname(dirname(index))}/index.ts`
  if (index === 'lib/kit/index.ts') return true
  return (imports.get(above) ?? []).some(({ to, names }) => to === index && names.length === 0) && isPassedOn(above)
}

test.run()
