// slow: builds the package and starts it many times
/** The playbooks that come with the package, in a project that has nothing but an inventory. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { run } from '../support/run.ts'
import { mustRun } from './project.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-playbooks-'))
const installed = join(folder, 'node_modules', 'hostwright')
await mustRun(root, process.execPath, ['build.js', join(installed, 'dist')])
for (const name of ['bin', 'package.json', 'templates'])
  cpSync(join(root, name), join(installed, name), { recursive: true })
symlinkSync(join(root, 'node_modules'), join(installed, 'node_modules'))

const write = (name: string, text: string) => {
  mkdirSync(dirname(join(folder, name)), { recursive: true })
  writeFileSync(join(folder, name), text)
}

/** Every host refuses to be connected to: a run that gets so far has found nothing wrong. */
const hosts = (groups: Readonly<Record<string, readonly string[]>>, more = {}) =>
  JSON.stringify({
    all: {
      vars: { ansible_host: '127.0.0.1', ansible_port: 1, private_ip: '192.0.2.1', ...more },
      children: Object.fromEntries(
        Object.entries(groups).map(([name, of]) => [
          name,
          { hosts: Object.fromEntries(of.map((host) => [host, null])) },
        ]),
      ),
    },
  })

write('package.json', '{ "type": "module" }')
write('pair.yml', hosts({ primary: ['db1'], replica: ['db2'] }, { replication_password: 'a' }))
write(
  'cluster.yml',
  hosts(
    { ns: ['ns'], patroni: ['pg1', 'pg2'] },
    {
      superuser_password: 'a',
      replication_password: 'b',
      patroni_restapi_password: 'c',
      haproxy_stats_password: 'd',
    },
  ),
)
write('pair.ts', "export { replication as default } from 'hostwright/playbooks'\n")
write('cluster.ts', "export { patroni as default } from 'hostwright/playbooks'\n")
write(
  'own.ts',
  `import { main, play, playbook } from 'hostwright'
import { template } from 'hostwright/modules'
import { patroni, patroniVariables, roles } from 'hostwright/playbooks'

const proxy = play('Proxy', { hosts: 'ns', vars: patroniVariables })
  .use(roles.haproxy)
  .task('Ours', () => template({ src: 'haproxy.cfg.ejs', dest: '/etc/ours.cfg' }))
const own = playbook('own', [patroni, proxy])
export default own
await main(import.meta, own)
`,
)
write(
  'none.ts',
  "import { play, playbook } from 'hostwright'\nexport default playbook('none', [play('None', { hosts: 'db1' })])\n",
)
write(
  'loads.mjs',
  `import { register } from 'node:module'
register('data:text/javascript,' + encodeURIComponent(\`import { appendFileSync } from 'node:fs'
export const load = (url, context, next) => {
  appendFileSync('${folder}/loads', url + '\\\\n')
  return next(url, context)
}\`))\n`,
)

const bin = join(installed, 'bin/hostwright.js')
const start = (args: readonly string[], node: readonly string[] = []) =>
  run(folder, 'env', [`HOME=${folder}`, `XDG_CACHE_HOME=${folder}/cache`, process.execPath, ...node, ...args])

test('a playbook of the package lists its tasks for an inventory of one’s own', async () => {
  const { status, text } = await start([bin, 'run', 'pair.ts', '-i', 'pair.yml', '--list-tasks'])
  assert.is(status, 0, text)
  assert.match(text, 'Clone the primary')
})

for (const [name, inventory] of [
  ['pair.ts', 'pair.yml'],
  ['cluster.ts', 'cluster.yml'],
] as const)
  for (const check of [[], ['--check']])
    test(`${[name, ...check].join(' ')}: nothing is wrong before hosts are connected to, templates included`, async () => {
      const { status, text } = await start([bin, 'run', name, '-i', inventory, ...check])
      assert.is(status, 4, text)
      assert.match(text, 'UNREACHABLE')
    })

test('a variable that is missing is told with the play that needs it', async () => {
  write('bare.yml', hosts({ primary: ['db1'], replica: ['db2'] }))
  const { status, text } = await start([bin, 'run', 'pair.ts', '-i', 'bare.yml'])
  assert.is(status, 1, text)
  assert.match(text, /variable "replication_password" is not set \(play "Primary"\)/)
  assert.match(text, 'dist/playbooks/replication.js')
})

test('a task of the project does not find a template of the package, whose roles still do', async () => {
  for (const args of [
    [bin, 'run', 'own.ts'],
    ['--import', join(root, 'node_modules/tsx/dist/esm/index.mjs'), 'own.ts'],
  ]) {
    const { status, text } = await start([...args, '-i', 'cluster.yml'])
    assert.is(status, 1, text)
    assert.match(text, /there is no template "haproxy\.cfg\.ejs"/)
    assert.match(text, /^ +own\.ts:7$/m)
    assert.is(text.split('there is no').length, 2, text)
    assert.not.match(text, 'node_modules')
  }
})

/** Which files of the package's playbooks a start loads. */
async function loaded(name: string): Promise<readonly string[]> {
  const args = [bin, 'run', name, '-i', 'pair.yml', '--list-tasks']
  await start(args)
  rmSync(join(folder, 'loads'), { force: true })
  const { status, text } = await start(args, ['--import', join(folder, 'loads.mjs')])
  assert.is(status, 0, text)
  return readFileSync(join(folder, 'loads'), 'utf8')
    .split('\n')
    .flatMap((url) => /\/dist\/(playbooks\/.*)/.exec(url)?.[1] ?? [])
    .sort()
}

test('a start loads the playbooks that it uses, and no other', async () => {
  assert.equal(await loaded('none.ts'), [])
  assert.equal(await loaded('pair.ts'), [
    'playbooks/replication.js',
    ...['access', 'following', 'leader', 'replicator', 'report', 'server'].map((name) => `playbooks/roles/${name}.js`),
    'playbooks/variables/members.js',
    'playbooks/variables/variables.js',
  ])
})

test('every playbook of the package can be imported, and none of them runs', async () => {
  write('all.mjs', "import * as all from 'hostwright/playbooks'\nconsole.log(JSON.stringify(Object.keys(all)))\n")
  const { status, stdout, text } = await start(['all.mjs', '--list-tasks'])
  assert.is(status, 0, text)
  const names = JSON.parse(stdout) as readonly string[]
  const files = readdirSync(join(root, 'playbooks')).filter((name) => name.endsWith('.ts') && name !== 'index.ts')
  const camel = (name: string) => name.replace('.ts', '').replace(/-(\w)/g, (_, letter: string) => letter.toUpperCase())
  assert.equal(
    files.map(camel).filter((name) => !names.includes(name)),
    [],
  )
})

test('a playbook of the package can be started itself', async () => {
  const file = join(installed, 'dist/playbooks/site.js')
  const { status, text } = await start([file, '-i', 'pair.yml', '--list-tasks'])
  assert.is(status, 0, text)
  assert.match(text, 'Clone the primary')
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
