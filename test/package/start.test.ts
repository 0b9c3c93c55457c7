// slow: builds the package and starts it many times
/** The built library as plain node starts it, in a package and in a checkout. */
import {
  appendFileSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../support/run.ts'
import { mustRun } from './project.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-start-'))
const built = join(folder, 'node_modules', 'hostwright')
const checkout = join(folder, 'checkout')
for (const name of ['bin', 'package.json', 'templates']) {
  cpSync(join(root, name), join(built, name), { recursive: true })
  cpSync(join(root, name), join(checkout, name), { recursive: true })
}
for (const name of ['lib', 'modules', 'playbooks', 'lab', 'build.js'])
  cpSync(join(root, name), join(checkout, name), { recursive: true })
for (const place of [built, checkout]) symlinkSync(join(root, 'node_modules'), join(place, 'node_modules'))
await mustRun(checkout, process.execPath, ['build.js'])
cpSync(join(checkout, 'dist'), join(built, 'dist'), { recursive: true })

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
  return name
}

/** `ESBUILD_BINARY_PATH` leads nowhere for a start that must not compile anything, not by tsx either. */
const start = (
  place: string,
  playbook: string,
  args: readonly string[] = [],
  compiles = true,
  node: readonly string[] = [],
) =>
  run(folder, 'env', [
    `HOME=${folder}`,
    `XDG_CACHE_HOME=${folder}/cache`,
    ...(compiles ? [] : ['ESBUILD_BINARY_PATH=/nowhere']),
    process.execPath,
    ...node,
    join(place, 'bin', 'hostwright-playbook.js'),
    playbook,
    ...args,
  ])

write('package.json', '{ "type": "module" }')
write('words.json', '["read", "from", "JSON"]')
write('node_modules/greet/package.json', '{ "name": "greet", "main": "greet.cjs" }')
write('node_modules/greet/greet.cjs', "exports.greet = (name) => 'hello ' + name\n")
write('later.ts', `export const later: string = 'imported later'\n`)
write(
  'roles/say.ts',
  `import { readFileSync } from 'node:fs'
import { defineModule, HostwrightError, type HostReader, unchanged, Type } from 'hostwright'
import { files } from 'hostwright/kit'

export const say = defineModule({ name: 'say', summary: 'Says.', params: { text: Type.String() }, examples: [], reads: true,
  plan: async ({ text }, _host: HostReader) => {
    if (text === 'fail') throw new HostwrightError('it went wrong', { next: 'do something else' })
    if (files.formatMode(0o644) !== '0644') throw new HostwrightError('this is another kit')
    return unchanged({ msg: text })
  } })
export const own: number = readFileSync(new URL('say.ts', import.meta.url), 'utf8').length
`,
)
const site = (extra = '') => `import { main, play, playbook } from 'hostwright'
import { assert, debug } from 'hostwright/modules'
import { greet } from 'greet'
import words from './words.json' with { type: 'json' }
import { own, say } from './roles/say.js'
${extra}
const { later } = await import('./later.ts')

const one = play('One', { hosts: 'localhost' })
  .task('Greet', () => debug({ msg: [greet('you'), words.join(' '), later, import.meta.filename].join('; ') }))
  .task('Own', () => assert({ that: [own > 100] }))
  .task('Say', () => say({ text: 'well' }))
  .task('Fail', () => say({ text: 'fail' }), { tags: ['never', 'fail'] })
  .task('Slip', () => say({ text: 'x', txet: 'y' } as never), { tags: ['never', 'slip'] })
const site = playbook('site', [one])
export default site
await main(import.meta, site)
`
write('site.ts', site())
write('unusual.ts', site(`const name = './later.ts'\nvoid (await import(name))`))

for (const [name, again] of [
  ['site.ts', false],
  ['unusual.ts', true],
] as const) {
  test(`${name} has its imports, and its own folder`, async () => {
    for (const compiles of [true, again]) {
      const { status, text } = await start(built, name, [], compiles)
      assert.is(status, 0, text)
      assert.match(text, `hello you; read from JSON; imported later; ${folder}/${name}`)
      assert.is(text.split('PLAY RECAP').length, 2)
      assert.match(text, /localhost +: ok=3 .*failed=0/)
    }
  })

  test(`${name} has the classes of the library that runs it`, async () => {
    const { status, text } = await start(built, name, ['--tags', 'fail'])
    assert.is(status, 2, text)
    assert.match(text, 'it went wrong')
    assert.match(text, 'do something else')
  })

  test(`a mistake in ${name} is told at its line`, async () => {
    const { status, text } = await start(built, name, ['--tags', 'slip'])
    assert.is(status, 1, text)
    const line = name === 'site.ts' ? 14 : 15
    assert.match(text, `\n    ${name}:${line}\n`)
    assert.match(text, 'did you mean "text"?')
  })
}

test('a start loads no library that the run has no use for', async () => {
  write(
    'packages.cjs',
    `process.on('exit', () => {
      const packages = Object.keys(require.cache).flatMap((path) => /.*node_modules\\/([^/]+)/.exec(path)?.[1] ?? [])
      process.stdout.write('packages: ' + [...new Set(packages)].sort().join(' ') + '\\n')
    })\n`,
  )
  await start(built, 'site.ts')
  const { text } = await start(built, 'site.ts', [], false, ['--require', join(folder, 'packages.cjs')])
  assert.match(text, /^packages: greet$/m)
})

test('what breaks in a file that is imported is told at its line', async () => {
  write(
    'roles/broken.ts',
    `interface A {\n  a: string\n}\nconst a = undefined as unknown as A\nexport const b = a.a.length\n`,
  )
  write('breaks.ts', site(`import './roles/broken.ts'`))
  for (const compiles of [true, false]) {
    const { status, text } = await start(built, 'breaks.ts', [], compiles)
    assert.is(status, 1)
    assert.match(text, /breaks\.ts could not be loaded: TypeError/)
    assert.match(text, /roles\/broken\.ts:5\n/)
  }
})

test('where nothing can be kept, the playbook runs all the same', async () => {
  rmSync(join(folder, 'cache'), { recursive: true })
  write('cache', 'a file is in the way')
  const { status, text } = await start(built, 'site.ts')
  rmSync(join(folder, 'cache'))
  assert.is(status, 0, text)
  assert.match(text, /localhost +: ok=3 .*failed=0/)
})

const codeFolder = join(folder, 'cache', 'hostwright', 'code')
const keptCode = () => readdirSync(codeFolder).map((name) => join(codeFolder, name))
const starts = async () => {
  const { status, text } = await start(built, 'site.ts')
  assert.is(status, 0, text)
}

test('what V8 has made of the library is kept for the next start, and made anew when it is damaged', async () => {
  rmSync(codeFolder, { recursive: true, force: true })
  await starts()
  const [path = '', ...others] = keptCode()
  assert.equal(others, [])
  const kept = { when: statSync(path).mtimeMs, bytes: readFileSync(path) }
  await starts()
  assert.is(statSync(path).mtimeMs, kept.when)
  for (const damaged of [kept.bytes.subarray(0, 5000), Buffer.from(kept.bytes).fill(0, 90_000, 90_100), 'nonsense']) {
    writeFileSync(path, damaged)
    await starts()
    assert.ok(readFileSync(path).length > 100_000, 'what was damaged stays')
  }
  assert.equal(keptCode(), [path])
})

test('a run that does more than those before keeps what they had no use for', async () => {
  const [path = ''] = keptCode()
  const before = statSync(path).size
  const { status, text } = await start(built, 'site.ts', ['--output', 'junit'])
  assert.is(status, 0, text)
  assert.ok(statSync(path).size > before)
})

const inCheckout = (extra = '') =>
  site(extra)
    .replace("'hostwright'", "'../lib/index.ts'")
    .replace("'hostwright/modules'", "'../modules/index.ts'")
    .replaceAll("'./", "'../../")
write('checkout/playbooks/site.ts', inCheckout())
write('checkout/playbooks/internal.ts', inCheckout(`import { Secret } from '../lib/secret.ts'\nvoid Secret`))

test('the playbooks of a checkout run on what is built of it', async () => {
  for (const compiles of [true, false]) {
    const { status, text } = await start(
      checkout,
      'checkout/playbooks/site.ts',
      ['-i', 'localhost,', '-t', 'fail'],
      compiles,
    )
    assert.is(status, 2, text)
    assert.match(text, 'do something else')
  }
})

test('they cannot take what is not built for them', async () => {
  const { status, text } = await start(checkout, 'checkout/playbooks/internal.ts')
  assert.is(status, 1, text)
  assert.match(text, /internal\.ts:6\n/)
  assert.match(text, '../lib/secret.ts is an internal file of hostwright')
})

test('when a source is newer than what is built, the sources run', async () => {
  appendFileSync(join(checkout, 'lib/cli/index.ts'), `process.stdout.write('from the sources\\n')\n`)
  const { status, text } = await start(checkout, 'checkout/playbooks/site.ts', ['-i', 'localhost,', '--list-tasks'])
  assert.is(status, 0, text)
  assert.match(text, 'from the sources')
  assert.match(text, 'Greet')
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
