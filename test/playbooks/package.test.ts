/** The tarball as a stranger gets it: installed in a project of its own, type-checked there, and run against a real host. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { namesIn, newProject, pack } from '../package/project.ts'
import { run } from '../support/run.ts'
import { asRoot, testLab } from './support.ts'

const lab = testLab('package')
const folder = mkdtempSync(join(tmpdir(), 'hostwright-pack-'))
const tarball = await pack(folder)
const [project] = await Promise.all([newProject(tarball), lab.up(['pg1'])])

const site = `import { main, play, playbook, schema, secret, secretText, Type, defineModule, unchanged } from 'hostwright'
import { command, copy, pg_user } from 'hostwright/modules'

const vars = schema({ pg_version: Type.Integer(), replication_password: secret() })

const hello = defineModule({
  name: 'hello',
  summary: 'A module of one’s own.',
  params: { who: Type.String() },
  examples: [],
  plan: async ({ who }, host) => unchanged({ greeting: \`\${host.name} greets \${who}\` }),
})

const first = play('First', { hosts: 'primary', become: true, vars })
  .handler('tell', () => command({ argv: ['touch', '/srv/told'] }))
  .task('Write', ({ vars }) => copy({ content: \`PostgreSQL \${vars.pg_version}\\n\`, dest: '/etc/motd.db', mode: '0644' }), {
    notify: 'tell',
  })
  .task('Hide', ({ vars }) =>
    copy({ content: secretText\`*:*:*:replicator:\${vars.replication_password}\\n\`, dest: '/root/.pgpass', mode: '0600' }))
  .task('Greet', () => hello({ who: 'you' }), { register: 'greeted' })
  .task('Use the result', ({ results }) => command({ argv: ['test', results.greeted.greeting, '=', 'pg1 greets you'], changes: false }))

export const later = play('Later', { hosts: 'replica' }).task('User', () => pg_user({ name: 'app' }))

const site = playbook('site', [first])
export default site
await main(import.meta, site)
`

test('the tarball holds what runs, and no tests, inventories or secrets', async () => {
  const names = await namesIn(tarball)
  const strange = names.filter(
    (name) =>
      !/^(package\.json|LICENSE|README\.md|CHANGELOG\.md|bin\/(ssh-askpass|[\w-]+\.js)|(templates|vagrant)\/[\w./-]+|lab\/[\w/-]+\.sh|inventory\/systems\/\w+\.(yml|txt)|dist\/library\.c?js|dist\/(lib|modules|playbooks|lab)\/[\w./-]+\.(js|d\.ts)|dist\/templates\/[\w.]+\.ejs)$/.test(
        name,
      ),
  )
  assert.equal(strange, [])
  for (const name of [
    'dist/lib/index.js',
    'dist/lib/index.d.ts',
    'dist/modules/index.js',
    'dist/library.cjs',
    'dist/playbooks/index.js',
    'dist/playbooks/index.d.ts',
    'dist/templates/haproxy.cfg.ejs',
    'dist/lab/index.d.ts',
    'lab/hosts/boot.sh',
    'inventory/systems/passwords.txt',
    'bin/hostwright.js',
  ])
    assert.ok(names.includes(name), `${name} is missing`)
  assert.equal(
    names.filter((name) =>
      /test|\.lab\b|inventory\/.*\.(ini|yml)|\.env|id_ed25519|\.pem/.test(
        name.replace(/^((dist\/lib|templates\/starter)\/inventory|inventory\/systems)\/|^dist\/lib\/testing\/.*/, ''),
      ),
    ),
    [],
  )
})

test('a strict project type-checks its playbook against the package, with its declarations checked too', async () => {
  project.write('site.ts', site)
  const { status, text } = await project.run('npx', ['tsc'])
  assert.is(status, 0, text)
})

const slips: readonly (readonly [what: string, from: string, to: string, says: RegExp])[] = [
  ['a misspelt parameter', "dest: '/etc/motd.db'", "dets: '/etc/motd.db'", /'dets' does not exist/],
  ['a variable that the schema lacks', 'vars.pg_version', 'vars.pg_versoin', /'pg_versoin' does not exist/],
  ['a handler that is not there', "notify: 'tell'", "notify: 'tel'", /'"tel"' is not assignable to type '.*"tell"/],
  ['a handler that is defined nowhere', ".handler('tell'", ".task('tell'", /no handler is defined above this task/],
  ['a result that nobody registers', 'results.greeted', 'results.greted', /'greted' does not exist/],
]
for (const [what, from, to, says] of slips)
  test(`${what} does not type-check`, async () => {
    assert.ok(site.includes(from))
    project.write('site.ts', site.replace(from, to))
    const { status, text } = await project.run('npx', ['tsc'])
    assert.is.not(status, 0)
    assert.match(text, says)
  })

test('a project takes up the playbooks and roles of the package, with their types and templates', async () => {
  const own = `import { main, play, playbook, schema, Type } from 'hostwright'
import { debug, template } from 'hostwright/modules'
import { patroni, patroniVariables, replication, replicationVariables, roles } from 'hostwright/playbooks'

const vars = schema({ ...replicationVariables.properties, team: Type.String() })
const ours = play('Ours', { hosts: 'primary', become: true, vars })
  .use(roles.whoLeads)
  .task('Say', ({ vars, results }) => debug({ msg: \`\${vars.team}: \${results.leader.name} leads on port \${vars.pg_port}\` }))
  .task('Not ours', () => template({ src: 'pgpass.ejs', dest: '/root/other' }), { tags: ['never', 'not-ours'] })
export const proxy = play('Proxy', { hosts: 'ns', vars: patroniVariables }).use(roles.haproxy)
export const both = playbook('both', [patroni, proxy])

const site = playbook('site', [replication, ours])
export default site
await main(import.meta, site)
`
  project.write('site.ts', own)
  const types = await project.run('npx', ['tsc'])
  assert.is(types.status, 0, types.text)
  project.write('site.ts', own.replace('vars: patroniVariables', 'vars'))
  const lacking = await project.run('npx', ['tsc'])
  assert.match(lacking.text, /the play has no variable \w+ of the type that this role needs/)

  project.write('site.ts', own)
  project.write('hosts.ini', '[primary]\ndb1 private_ip=192.0.2.1\n[replica]\ndb2 private_ip=192.0.2.2\n')
  const play = (...more: string[]) => project.run('npx', ['tsx', 'site.ts', '-i', 'hosts.ini', '-e', 'team=a', ...more])
  const listed = await play('--list-tasks')
  assert.match(listed.text, /Clone the primary[^]*Not ours|Clone the primary[^]*Say/)
  const found = await play('-t', 'not-ours', '-e', 'replication_password=x')
  assert.is(found.status, 1, found.text)
  assert.match(found.text, /there is no template "pgpass\.ejs"/)
})

test('a playbook is predicted, done, and then converged on a real host', async () => {
  project.write('site.ts', site)
  const play = (...args: string[]) => project.run('npx', ['tsx', 'site.ts', '-i', lab.inventoryFile, ...args])
  const check = await play('--check', '--diff')
  assert.is(check.status, 0, check.text)
  assert.match(check.text, /pg1 +: ok=5 +changed=3 .*failed=0/)
  assert.match(check.text, '+PostgreSQL')
  assert.is(await asRoot(lab, 'pg1', 'ls /etc/motd.db /root/.pgpass /srv/told 2>/dev/null || true'), '')
  const run = await play()
  assert.is(run.status, 0, run.text)
  assert.match(run.text, /pg1 +: ok=5 +changed=3 .*failed=0/)
  assert.match(await asRoot(lab, 'pg1', 'cat /etc/motd.db; ls /srv/told'), /PostgreSQL \d+\n\/srv\/told/)
  const again = await play()
  assert.is(again.status, 0, again.text)
  assert.match(again.text, /pg1 +: ok=4 +changed=0 .*failed=0/)
})

test('the installed command runs the same playbook', async () => {
  const { status, text } = await project.run('npx', [
    'hostwright',
    'run',
    'site.ts',
    '-i',
    lab.inventoryFile,
    '--check',
  ])
  assert.is(status, 0, text)
  assert.match(text, /pg1 +: ok=4 +changed=0 .*failed=0/)
})

test('a mistake is told at its line of the playbook, not somewhere in the package', async () => {
  project.write('slip.ts', site.replace("dest: '/etc/motd.db'", "dets: '/etc/motd.db'"))
  for (const argv of [
    ['tsx', 'slip.ts'],
    ['hostwright', 'run', 'slip.ts'],
  ]) {
    const { status, text } = await project.run('npx', [...argv, '-i', lab.inventoryFile])
    assert.is(status, 1, text)
    assert.match(text, /^slip\.ts:16:/m)
    assert.match(text, /unknown parameter "dets" — did you mean "dest"\?/)
    assert.not.match(text, 'node_modules')
  }
})

test('the installed command knows its version, its modules and the inventory', async () => {
  const version = await project.run('npx', ['hostwright', '--version'])
  assert.match(version.stdout, /^hostwright \d+\.\d+\.\d+\n$/)
  const doc = await project.run('npx', ['hostwright', 'doc', 'copy'])
  assert.is(doc.status, 0, doc.text)
  assert.match(doc.stdout, /\* dest: string/)
  const list = await project.run('npx', ['hostwright', 'inventory', '--graph', '-i', lab.inventoryFile])
  assert.match(list.stdout, /@primary:\n +\|  \|--pg1|\|--pg1/)
})

test('a project that init wrote type-checks, predicts, runs, and is converged', async () => {
  const begun = await project.run('npx', ['hostwright', 'init', 'mine'])
  assert.is(begun.status, 0, begun.text)
  assert.match(begun.stdout, /^ {2}mine\/playbooks\/site\.ts$/m)
  const again = await project.run('npx', ['hostwright', 'init', 'mine'])
  assert.is(again.status, 1)
  assert.match(again.text, /playbooks\/site\.ts.* would be overwritten/)
  const inside = (program: string, ...args: string[]) => run(join(project.dir, 'mine'), program, args)
  const installed = await inside(
    'npm',
    'install',
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    tarball,
  )
  assert.is(installed.status, 0, installed.text)
  const types = await inside('npm', 'run', 'types')
  assert.is(types.status, 0, types.text)
  const page = '/tmp/hostwright-starter'
  rmSync(page, { recursive: true, force: true })
  const recap = (changed: number) => new RegExp(`localhost +: ok=\\d+ +changed=${changed} .*failed=0`)
  const check = await inside('npx', 'tsx', 'playbooks/site.ts', '--check')
  assert.is(check.status, 0, check.text)
  assert.match(check.text, recap(2))
  assert.not.ok(existsSync(page))
  assert.match((await inside('npx', 'tsx', 'playbooks/site.ts')).text, recap(2))
  assert.match(readFileSync(`${page}/index.html`, 'utf8'), 'Good morning from localhost')
  assert.match((await inside('npx', 'tsx', 'playbooks/site.ts')).text, recap(0))
  rmSync(page, { recursive: true, force: true })
})

test('what is not exported cannot be imported', async () => {
  const { status, text } = await project.run('node', ['-e', "import('hostwright/dist/lib/cli/run.js')"])
  assert.is.not(status, 0)
  assert.match(text, 'ERR_PACKAGE_PATH_NOT_EXPORTED')
})

test.after(async () => {
  project.close()
  rmSync(folder, { recursive: true, force: true })
  await lab.down()
})
test.run()
