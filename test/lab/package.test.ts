/** The lab as another project has it: from the tarball alone, with hosts, groups and packages of its own. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
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

const settings = { hosts: ['web1', 'db1'], groups: { web: ['web1'], db: ['db1'] }, packages: ['figlet'] }

function writeSettings(changes: object = {}): void {
  const own = JSON.parse(readFileSync(join(project.dir, 'package.json'), 'utf8')) as object
  const hostwright = { inventory: 'inventory/lab.ini', lab: { ...settings, ...changes } }
  project.write('package.json', JSON.stringify({ ...own, hostwright }))
}

/** A role of the project, and its test: a program that a user writes. */
const site = `import { play, playbook } from 'hostwright'
import { copy, pkg } from 'hostwright/modules'

const web = play('Web', { hosts: 'web', become: true })
  .task('Install', () => pkg({ name: 'figlet' }))
  .task('Greet', ({ host }) => copy({ dest: '/srv/greeting', content: \`\${host}\\n\` }))
export default playbook('site', [web])
`
const check = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { run } from 'hostwright'
import { openLab } from 'hostwright/lab'
import site from './playbook.ts'

const lab = openLab()
const inventory = lab.inventoryFile

test('the role changes a clean host once, and then nothing', async () => {
  await lab.reset(['web1'])
  const first = await run(site, { inventory })
  assert.deepEqual([first.ok, first.counts['web1']?.changed], [true, 2])
  assert.equal((await run(site, { inventory })).changed, false)
})

test('its host has what it promises', async () => {
  assert.equal((await lab.ssh('web1', 'figlet -v >/dev/null && cat /srv/greeting')).stdout, 'web1\\n')
  assert.ok((await lab.ssh('db1', 'figlet -v', { allowFailure: true })).exitCode > 0)
})
`

test.before(() => {
  writeSettings()
  mkdirSync(join(project.dir, 'test'))
  project.write('playbook.ts', site)
  project.write('site.ts', check.replace('./playbook.ts', './playbook.js'))
  project.write('site.test.ts', check)
})

test('its declarations suffice for a strict project', async () => {
  const { status, text } = await project.run('npx', ['tsc'])
  assert.is(status, 0, text)
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
  assert.match(text, /^Up: web1 db1 \(Debian 1\d\)$/m)
  const graph = await project.run('npx', ['hostwright', 'inventory', '--graph'])
  for (const name of ['web', 'db']) assert.match(graph.stdout, new RegExp(`@${name}:\n[ |]+--${name}1\n`))
})

test('its own test runs its role on them, and installs its package offline', async () => {
  const { status, text } = await project.run('node', ['--import', 'tsx', '--test', 'site.test.ts'])
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
