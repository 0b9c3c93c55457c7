// slow: it type-checks the examples with the whole library
/** The examples of docs/testing.md: they type-check, and the test of a module passes. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-testing-'))
const faces: Readonly<Record<string, string>> = {
  hostwright: 'lib/index.ts',
  'hostwright/modules': 'modules/index.ts',
  'hostwright/testing': 'lib/testing/index.ts',
}
const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  const placed = text.replaceAll(/'(hostwright(?:\/\w+)?)'/g, (_all, face: string) => `'${root}${faces[face] ?? face}'`)
  writeFileSync(join(folder, name), placed.replaceAll("'../lib/index.ts'", `'${root}lib/index.ts'`))
}
const examples = (page: string) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code)

const [motdTest = '', roleTest = ''] = examples('docs/testing.md')
const [motd = ''] = examples('CONTRIBUTING.md')
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
write('package.json', '{ "type": "module" }')
write('modules/motd.ts', motd)
write('test/motd.test.ts', motdTest)
write('test/hosts.ini', '[web]\nweb1\n')
write(
  'roles/web-server.ts',
  `import { role, schema, Type } from 'hostwright'
import { file } from 'hostwright/modules'
export const webServer = role({ vars: schema({ port: Type.Integer() }) }, (chain) =>
  chain.task('A folder', ({ vars }) => file({ path: '/srv/' + vars.port, state: 'directory' })))
`,
)
write('test/role.test.ts', roleTest)
write(
  'tsconfig.json',
  JSON.stringify({
    extends: `${root}tsconfig.json`,
    include: ['test', 'modules', 'roles'],
    compilerOptions: { noEmit: true, rewriteRelativeImportExtensions: false, allowImportingTsExtensions: true },
  }),
)
test.after(() => rmSync(folder, { recursive: true, force: true }))

test('the examples type-check', async () => {
  const { status, text } = await run(folder, 'node_modules/.bin/tsc', ['-p', '.'])
  assert.is(status, 0, text)
})

test('the test of a module passes with node’s own runner', async () => {
  const { status, text } = await run(folder, process.execPath, ['--import', 'tsx', '--test', 'test/motd.test.ts'])
  assert.is(status, 0, text)
  assert.match(text, /pass 2/)
})

test.run()
