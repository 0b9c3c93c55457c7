/** The lab as another project has it: from the tarball alone, with hosts, groups and packages of its own. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { suite } from 'uvu'
import * as assert from 'uvu/assert'
import { newProject, pack } from '../package/project.ts'

const test = suite('lab of another project')
const folder = mkdtempSync(join(tmpdir(), 'hostwright-pack-'))
const isRoot = process.getuid?.() === 0
const project = await newProject(await pack(folder))
const lab = (...args: readonly string[]) => project.run('npx', ['hostwright', 'lab', ...args])

const settings = { hosts: ['web1', 'db1', 'db2'], groups: { web: ['web1'], db: ['db1', 'db2'] }, packages: ['figlet'] }
const compilerOptions = {
  strict: true,
  module: 'NodeNext',
  target: 'ES2023',
  types: ['node'],
  declaration: true,
  outDir: 'dist',
}

function writeSettings(changes: object = {}): void {
  const own = JSON.parse(readFileSync(join(project.dir, 'package.json'), 'utf8')) as object
  const hostwright = { inventory: 'inventory/lab.ini', lab: { ...settings, ...changes } }
  project.write('package.json', JSON.stringify({ ...own, hostwright }))
}

/** Replication's hosts by names of its own, and a password that is not the lab's. */
const pair = `all:
  vars: { replication_password: of-the-project }
  children:
    primary: { hosts: { db1: } }
    replica: { hosts: { db2: } }
`

test.before(() => {
  writeSettings()
  for (const name of ['index.ts', 'tests.ts'])
    project.write(name, readFileSync(new URL(`another-project/${name}`, import.meta.url), 'utf8'))
  project.write('tsconfig.json', JSON.stringify({ compilerOptions, include: ['*.ts'] }))
  project.write('pair.yml', pair)
})

test('it compiles, with the declarations of what it publishes', async () => {
  const { status, text } = await project.run('npx', ['tsc'])
  assert.is(status, 0, text)
  const declarations = readFileSync(join(project.dir, 'dist/index.d.ts'), 'utf8')
  for (const name of ['motd', 'greeter', 'plainSsh']) assert.match(declarations, `export declare const ${name}: `)
})

test('a mistake in package.json is told before anything is touched', async () => {
  writeSettings({ groups: { web: ['web7'] } })
  const { status, text } = await lab('up')
  assert.is(status, 1)
  assert.match(text, `package.json: "hostwright": { "lab": … } cannot be used:\n  groups.web: "web7" is not in "hosts"`)
  assert.not.ok(project.has('.lab'))
  writeSettings()
})

test('one command starts its hosts, in its groups', async () => {
  const { status, text } = await lab('--install', 'up')
  assert.is(status, 0, text)
  assert.match(text, /^Up: web1 db1 db2 \(Debian 1\d\)$/m)
  const graph = await project.run('npx', ['hostwright', 'inventory', '--graph'])
  for (const name of ['web', 'db']) assert.match(graph.stdout, new RegExp(`@${name}:\n[ |]+--${name}1\n`))
})

test('its own tests pass: its module here, its role and its connection on them, and replication with its own inventory', async () => {
  const { status, text } = await project.run('node', ['--test', 'dist/tests.js'])
  assert.is(status, 0, text)
})

test('the command reaches hosts, and passes on how what it runs has ended', async () => {
  const { status, stdout } = await lab('ssh', 'db1', 'hostname; exit 7')
  assert.equal([status, stdout], [7, 'db1\n'])
  assert.match((await lab('status')).stdout, /^web1 +10\.77\.0\.11 +up$/m)
})

test('other packages need other hosts', async () => {
  writeSettings({ packages: ['figlet', 'sl'] })
  const { status, text } = await lab('up')
  writeSettings()
  assert.is(status, 1)
  assert.match(text, /packages .* have changed .*\n.*hostwright lab down/)
})

test('down leaves nothing behind', async () => {
  const name = /lab (\S+)$/m.exec((await lab('status')).stdout)?.[1] ?? ''
  const namespaces = () => execFileSync('ip', ['netns', 'list'], { encoding: 'utf8' })
  assert.match(namespaces(), `hw-${name}.web1`)
  assert.is((await lab('down')).status, 0)
  assert.not.match(namespaces(), `hw-${name}`)
  assert.not.ok(existsSync(join(project.dir, '.lab/default/hosts')))
})

test.after(async () => {
  if (isRoot) await lab('down')
  project.close()
  rmSync(folder, { recursive: true, force: true })
})

if (isRoot) test.run()
else console.log('The lab was not tested: it needs root.')
