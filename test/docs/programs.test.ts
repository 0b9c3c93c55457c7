// slow: it type-checks the examples with the whole library
/** The examples of docs/programs.md and docs/extending.md: each type-checks, and what can run here runs. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../support/run.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-pages-'))
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(
    join(folder, name),
    text.replaceAll(
      /'hostwright(\/modules)?'/g,
      (_all, part: string | undefined) => `'${root}${part === undefined ? 'lib' : 'modules'}/index.ts'`,
    ),
  )
}

/** The blocks of TypeScript on a page, in order. */
function examples(page: string): readonly string[] {
  const text = readFileSync(join(root, 'docs', page), 'utf8')
  return [...text.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code = '']) => code)
}

const [deploy = '', version = '', interrupting = '', inventories = ''] = examples('programs.md')
const [lxc = '', box = '', cloud = '', changes = ''] = examples('extending.md')

write('package.json', '{ "type": "module" }')
write('hosts.ini', '[web]\nweb[1:3]\n[web:vars]\nansible_connection=local\n')
write('inventory/hosts.ini', '[web]\nweb1\nweb2\n')
write(
  'playbooks/site.ts',
  `import { play, playbook, schema, Type } from 'hostwright'
import { command } from 'hostwright/modules'
export default playbook('site', [
  play('Web', { hosts: 'web', vars: schema({ port: Type.Integer() }) }).task('Say', ({ vars }) => command({ argv: ['echo', String(vars.port)] })),
])
`,
)
write('deploy.ts', `${deploy}\n${version}\nvoid version\n`)
write(
  'stop.ts',
  `import { type InventoryInput, type PlaybookData, run } from 'hostwright'\ndeclare const site: PlaybookData\ndeclare const inventory: InventoryInput\n${interrupting}\nvoid outcome\n`,
)
write('inventories.ts', inventories)
write('plugins/lxc.ts', lxc)
write('plugins/box.ts', box)
write(
  'plugins/box-api.ts',
  `import type { HostProcess } from 'hostwright'\nexport declare function openBox(address: string): Promise<{ start(command: string): Promise<HostProcess>; close(): Promise<void> }>\n`,
)
write('plugins/cloud.ts', cloud)
write(
  'plugins/cloud-api.ts',
  `export const servers = (_: { readonly signal: AbortSignal }) => Promise.resolve([{ name: 'web9', ip: '10.0.0.9' }])\n`,
)
write('plugins/changes.ts', changes)

test('all of them type-check', async () => {
  const compilerOptions = {
    noUnusedLocals: false,
    allowImportingTsExtensions: true,
    rewriteRelativeImportExtensions: false,
  }
  write(
    'tsconfig.json',
    JSON.stringify({ extends: join(root, 'tsconfig.json'), compilerOptions, include: ['**/*.ts'] }),
  )
  const { status, text } = await run(folder, 'node', [join(root, 'node_modules/typescript/bin/tsc'), '-p', '.'])
  assert.is(text, '')
  assert.is(status, 0)
})

test('the program runs its playbook on the hosts it means', async () => {
  const { stdout, text } = await run(folder, 'node', ['--import', 'tsx', 'deploy.ts'])
  assert.is(stdout, 'web1: Say\nweb2: Say\nall is well\n', text)
})

test('the inventory is made of a file and of data', async () => {
  const { stdout, text } = await run(folder, 'node', ['--import', 'tsx', 'inventories.ts'])
  assert.is(stdout, "[ 'web2', 'web3' ] 80\n", text)
})

test('the command line takes the reporter and the source by their names', async () => {
  const hostwright = {
    inventory: 'hosts.ini',
    inventory_sources: { cloud: './plugins/cloud.ts' },
    reports: { changes: './plugins/changes.ts' },
  }
  write('package.json', JSON.stringify({ type: 'module', hostwright }))
  const cli = (...args: readonly string[]) =>
    run(folder, 'node', ['--import', 'tsx', join(root, 'bin/hostwright.js'), ...args])
  const { stdout } = await cli('run', 'playbooks/site.ts', '-e', 'port=80', '--output', 'changes')
  assert.match(stdout, /^web1: Say\nweb2: Say\nweb3: Say\ndone in [0-9.]+ s\n$/)
  assert.match((await cli('inventory', '--list', '-i', 'cloud')).stdout, '"ansible_host": "10.0.0.9"')
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
