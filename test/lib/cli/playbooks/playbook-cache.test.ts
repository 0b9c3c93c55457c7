import { execFile } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { compiledPlaybook } from '../../../../lib/cli/playbooks/playbook-cache.ts'

const run = promisify(execFile)
const folders: string[] = []
test.after(() => folders.forEach((folder) => rmSync(folder, { recursive: true })))

/** A project with a playbook of three files, and a cache folder of its own. */
function project(more: Readonly<Record<string, string>> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'playbook-cache-'))
  folders.push(folder)
  const env = { XDG_CACHE_HOME: join(folder, 'cache'), HOME: folder }
  const write = (name: string, text: string) => {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  const files = {
    'package.json': '{ "type": "module" }',
    'site.ts': `import { one } from './roles/one.ts'\nexport default one as string\n`,
    'roles/one.ts': `import { two } from '../two.js'\nexport const one: string = two\n`,
    'two.ts': `export const two = 'two'\n`,
    ...more,
  }
  for (const [name, text] of Object.entries(files)) write(name, text)
  const kept = join(folder, 'cache', 'hostwright', 'playbooks')
  return {
    write,
    compiled: (name = 'site.ts') => compiledPlaybook(join(folder, name), env),
    path: (name: string) => join(folder, name),
    kept: () => (existsSync(kept) ? readdirSync(kept).sort() : []),
    keptPath: (name: string) => join(kept, name),
    /** Tells when a file was put in its place. */
    placed: () => Object.fromEntries(readdirSync(kept).map((name) => [name, statSync(join(kept, name)).ino])),
  }
}

const value = async (url: string | undefined) => ((await import(url ?? '')) as { readonly default: unknown }).default

test('a playbook is compiled once', async () => {
  const { compiled, placed, kept } = project()
  const url = await compiled()
  assert.is(await value(url), 'two')
  assert.is(kept().length, 4)
  const before = placed()
  assert.is(await compiled(), url)
  assert.equal(placed(), before)
})

const changes: readonly (readonly [name: string, text: string, value: string])[] = [
  ['site.ts', `import { one } from './roles/one.ts'\nexport default one + '!'\n`, 'two!'],
  ['roles/one.ts', `export const one = 'one'\n`, 'one'],
  ['two.ts', `export const two = 'another'\n`, 'another'],
]
for (const [name, text, wanted] of changes)
  test(`${name} changes, and the playbook is compiled anew`, async () => {
    const { compiled, write, path } = project()
    const [before, original] = [await compiled(), readFileSync(path(name), 'utf8')]
    write(name, text)
    const after = await compiled()
    assert.is(await value(after), wanted)
    assert.is.not(after, before)
    write(name, original)
    assert.is(await compiled(), before)
  })

test('a module of a package that moves within it is looked for again', async () => {
  const pack = (main: string) => `{ "name": "words", "type": "module", "exports": "./${main}.js" }`
  const { compiled, write } = project({
    'site.ts': `import word from 'words'\nexport default word\n`,
    'node_modules/words/package.json': pack('old'),
    'node_modules/words/old.js': `export default 'old'\n`,
    'node_modules/words/new.js': `export default 'new'\n`,
  })
  assert.is(await value(await compiled()), 'old')
  write('node_modules/words/package.json', pack('new'))
  assert.is(await value(await compiled()), 'new')
})

test('what another version of hostwright made is made anew', async () => {
  const { compiled, kept, keptPath } = project()
  await compiled()
  const record = keptPath(kept().find((name) => name.endsWith('.json')) ?? '')
  const right = readFileSync(record, 'utf8')
  writeFileSync(record, right.replace(/"hostwright [^ ]+/, '"hostwright 0.0.1'))
  assert.is.not(readFileSync(record, 'utf8'), right)
  await compiled()
  assert.is(readFileSync(record, 'utf8'), right)
})

test('damaged files are ignored and replaced', async () => {
  const { compiled, kept, keptPath } = project()
  const url = await compiled()
  for (const name of kept())
    for (const damage of ['', '{}', 'null', 'throw new Error("damaged")\n']) {
      const right = readFileSync(keptPath(name), 'utf8')
      writeFileSync(keptPath(name), damage)
      assert.is(await compiled(), url, `${name}: ${damage}`)
      assert.is(readFileSync(keptPath(name), 'utf8'), right)
    }
  rmSync(keptPath(basename(fileURLToPath(url ?? ''))))
  assert.is(await compiled(), url)
  assert.is(await value(url), 'two')
})

test('where nothing can be kept, a loader takes the playbook', async () => {
  const { compiled, write } = project()
  write('cache', 'a file is in the way')
  assert.is(await compiled(), undefined)
})

test('what has been lying there for long goes when something is added', async () => {
  const { compiled, write, kept, keptPath } = project()
  await compiled()
  const [old = '', ...recent] = kept().filter((name) => name.endsWith('.mjs'))
  utimesSync(keptPath(old), 0, 0)
  write('two.ts', `export const two = 2\n`)
  await compiled()
  assert.not.ok(kept().includes(old))
  assert.ok(recent.every((name) => kept().includes(name)))
})

test('those that start at the same time do not disturb one another', async () => {
  const { path, kept } = project()
  const script = `const { compiledPlaybook } = await import('${new URL('../../../../lib/cli/playbooks/playbook-cache.ts', import.meta.url).href}')
    process.stdout.write((await import(await compiledPlaybook('${path('site.ts')}', process.env))).default)`
  const start = () =>
    run(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      env: { ...process.env, XDG_CACHE_HOME: path('cache') },
    })
  const ended = await Promise.all([start(), start(), start()])
  assert.equal(
    ended.map(({ stdout }) => stdout),
    ['two', 'two', 'two'],
  )
  assert.is(kept().length, 4)
})

const unusual: readonly (readonly [what: string, files: Readonly<Record<string, string>>])[] = [
  ['an import whose name is computed', { 'two.ts': `const n = 'x'\nexport const two = () => import('../' + n)\n` }],
  ['an import of a template literal', { 'two.ts': 'const n = "x"\nexport const two = () => import(`./${n}.ts`)\n' }],
  [
    'require',
    { 'two.ts': `import { createRequire } from 'node:module'\nexport const two = createRequire('/')('x')\n` },
  ],
  ['a resolver', { 'two.ts': `export const two = import.meta.resolve('./x.ts')\n` }],
  ['a decorator', { 'two.ts': `const a = (x: unknown) => void x\n@a\nclass B {}\nexport const two = String(B)\n` }],
  ['a file that is not there', { 'two.ts': `import { x } from './three.ts'\nexport const two = x\n` }],
  ['a package that is not there', { 'two.ts': `import x from 'no-such-package'\nexport const two = x\n` }],
  ['JSON that is imported like code', { 'two.ts': `import x from './x.json'\nexport const two = x\n`, 'x.json': '1' }],
  [
    'a package in TypeScript',
    {
      'two.ts': `import x from 'words'\nexport const two = x\n`,
      'node_modules/words/package.json': '{ "type": "module", "exports": "./words.ts" }',
      'node_modules/words/words.ts': `export default 'word'\n`,
    },
  ],
  ['an import with a query', { 'two.ts': `import { x } from './x.ts?again'\nexport const two = x\n` }],
  ['a mistake of syntax', { 'two.ts': `export const two = (\n` }],
  ['the older kind of module', { 'package.json': '{}' }],
]
for (const [what, files] of unusual)
  test(`left to a loader: ${what}`, async () => {
    const { compiled, kept } = project(files)
    assert.is(await compiled(), undefined)
    assert.equal(kept(), [])
  })

test.run()
