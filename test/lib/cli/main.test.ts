// slow: starts the command line many times
import { spawn } from 'node:child_process'
import { copyFileSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'main-'))
const site = join(folder, 'site.ts')
const importer = join(folder, 'importer.ts')

writeFileSync(
  site,
  `import { defineModule, main, play, playbook, unchanged } from '${root}lib/index.ts'
const say = defineModule({ name: 'say', summary: 'Says.', params: {}, examples: [], reads: true, plan: async () => unchanged({ said: 'hello' }) })
const slow = defineModule({ name: 'slow', summary: 'Waits.', params: {}, examples: [], reads: true,
  plan: () => new Promise((resolve) => setTimeout(() => resolve(unchanged({})), 60_000)) })
const one = play('One', { hosts: 'localhost' })
  .task('Say', () => say({}), { tags: 'quick' })
  .task('Wait', () => slow({}), { tags: ['never', 'slow'] })
export default playbook('site', [one])
await main(import.meta, playbook('site', [one]))
`,
)
writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
writeFileSync(importer, `import site from './site.ts'\nprocess.stdout.write('imported ' + site.name + '\\n')\n`)
symlinkSync(site, join(folder, 'link.ts'))

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

function start(
  argv: readonly string[],
  onOut: (text: string, kill: (signal: NodeJS.Signals) => void) => void = () => {},
) {
  return new Promise<Ended>((resolve) => {
    const child = spawn(process.execPath, argv, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { PATH: process.env['PATH'], HOME: folder },
    })
    let [out, err] = ['', '']
    child.stdout.setEncoding('utf8').on('data', (text: string) => onOut((out += text), (signal) => child.kill(signal)))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

const tsx = (...argv: string[]) => start(['--import', 'tsx', ...argv])
const recap = 'localhost                  : ok=1    changed=0 '

test('a playbook started as a program runs', async () => {
  const { code, out, err } = await tsx(site, '--tags', 'quick')
  assert.is(err, '')
  assert.match(out, 'TASK [Say] ')
  assert.match(out, recap)
  assert.is(code, 0)
})

test('also under another name for the same file', async () => {
  assert.match((await tsx(join(folder, 'link.ts'), '--list-tasks')).out, 'Say\tTAGS: [quick]')
})

test('imported it does nothing', async () => {
  assert.equal(await tsx(importer), { code: 0, out: 'imported site\n', err: '' })
})

test('hostwright-playbook and hostwright run take it once', async () => {
  for (const argv of [
    ['bin/hostwright-playbook.js', site],
    ['bin/hostwright.js', 'run', site],
  ]) {
    const { code, out, err } = await start([...argv, '-t', 'quick'])
    assert.is(err, '')
    assert.is(out.split('PLAY RECAP').length, 2)
    assert.match(out, recap)
    assert.is(code, 0)
  }
})

test('a wrong option ends with 5, and says which was meant', async () => {
  const { code, err } = await tsx(site, '--chek')
  assert.is(code, 5)
  assert.is(err, 'ERROR! unknown option --chek — did you mean --check?\n    next: see --help for all options\n')
})

test('a file that is no playbook, or breaks, is told with its place', async () => {
  const broken = join(folder, 'broken.ts')
  writeFileSync(broken, 'const a: string | undefined = undefined\nexport default a!.length\n')
  const run = (file: string) => start(['bin/hostwright-playbook.js', file])
  const [one, two, three] = [await run(broken), await run(join(folder, 'missing.ts')), await run(importer)]
  assert.is(one.code, 1)
  assert.match(one.err, /broken\.ts could not be loaded: TypeError: .*\n {4}.*broken\.ts:2\n/)
  assert.match(two.err, 'missing.ts could not be found')
  assert.match(three.err, 'exports no playbook')
})

test('a playbook in a package of the older module kind is told what to change', async () => {
  const old = mkdtempSync(join(folder, 'old-'))
  writeFileSync(join(old, 'package.json'), '{}')
  copyFileSync(site, join(old, 'site.ts'))
  const { code, err } = await start(['bin/hostwright-playbook.js', join(old, 'site.ts')])
  assert.is(code, 1)
  assert.match(err, '"type": "module" in package.json')
})

test('an interrupt ends the run with 99', async () => {
  let sent = false
  const { code, err } = await start(['--import', 'tsx', site, '--tags', 'slow'], (out, kill) => {
    if (sent || !out.includes('TASK [Wait]')) return
    sent = true
    kill('SIGINT')
    setTimeout(() => kill('SIGINT'), 3000)
  })
  assert.is(code, 99)
  assert.match(err, 'interrupted: what is under way')
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
