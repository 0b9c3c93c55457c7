// needs: openssh-server openssh-client
/** Hosts that say more than anybody asked for, in one run of the command line: it stays small, says what happened, and the other hosts go on. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { startSshd, type Sshd } from '../connection/sshd.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-much-'))
let sshd: Sshd
test.before(async () => {
  sshd = await startSshd()
})
test.after(async () => {
  rmSync(folder, { recursive: true, force: true })
  await sshd.stop()
})

/** What each host runs. */
const commands: Readonly<Record<string, string>> = {
  endless: 'exec yes',
  endless_line: 'exec tr "\\0" x </dev/zero',
  long: 'head -c 600000000 /dev/zero',
  talkative: 'echo here',
  other: 'echo here',
}
const playbook = `import { defineModule, play, playbook, sh, Type, unchanged } from '${root}lib/index.ts'
import { shell } from '${root}modules/index.ts'
const commands: Readonly<Record<string, string>> = ${JSON.stringify(commands)}
const ask_often = defineModule({
  name: 'ask_often',
  summary: 'Asks a host many small questions, many at a time.',
  params: { times: Type.Integer() },
  examples: [],
  plan: async ({ times }, host) => {
    let answers = 0
    while (answers < times)
      answers += (await Promise.all(Array.from({ length: 250 }, () => host.ask(sh\`echo here\`)))).length
    return unchanged({ answers })
  },
})
const one = play('Say much', { hosts: 'all' })
  .task('Say it', ({ host }) => shell({ cmd: commands[host] ?? '' }))
  .task('Be asked', ({ host }) => ask_often({ times: host === 'talkative' ? 10_000 : 250 }))
  .task('Go on', () => shell({ cmd: 'echo here' }))
export default playbook('much', [one])
`

interface Told {
  readonly type: string
  readonly host?: string
  readonly task?: string
  readonly status?: string
  readonly error?: { readonly message: string; readonly next?: string }
}

test('an endless answer, an endless line, 600 MB and 10,000 small answers at once', () => {
  const [first = '', ...rest] = Object.keys(commands)
  const hosts = {
    ...Object.fromEntries(rest.map((name) => [name, sshd.vars])),
    [first]: { ansible_connection: 'local' },
  }
  writeFileSync(join(folder, 'hosts.yml'), JSON.stringify({ all: { hosts } }))
  writeFileSync(join(folder, 'package.json'), '{"type": "module"}')
  writeFileSync(join(folder, 'site.ts'), playbook)
  // The most memory that the run ever took is written down when it ends.
  writeFileSync(
    join(folder, 'memory.cjs'),
    `process.on('exit', () => require('node:fs').writeFileSync('${folder}/kb', String(process.resourceUsage().maxRSS)))`,
  )
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [
      ...['--require', join(folder, 'memory.cjs'), 'bin/hostwright-playbook.js'],
      ...['-i', join(folder, 'hosts.yml'), '--output', 'json', join(folder, 'site.ts')],
    ],
    { cwd: root, env: { PATH: process.env['PATH'], HOME: folder }, encoding: 'utf8', maxBuffer: 1e9 },
  )
  assert.is(stderr, '')
  assert.is(status, 2)
  const results = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Told)
    .filter(({ type }) => type === 'result')
  for (const host of ['endless', 'endless_line', 'long']) {
    const [failed, ...more] = results.filter((told) => told.host === host)
    assert.is(failed?.status, 'failed', host)
    assert.match(failed?.error?.message ?? '', /longer than 64 MB/, host)
    assert.match(failed?.error?.next ?? '', /ansible_output_limit/, host)
    assert.is(more.length, 0, host)
  }
  for (const host of ['talkative', 'other'])
    assert.is(results.filter((told) => told.host === host && told.task === 'Go on').at(-1)?.status, 'changed', host)
  const megabytes = Number(readFileSync(join(folder, 'kb'), 'utf8')) / 1024
  assert.ok(megabytes < 300, `${megabytes} MB`)
  console.log(`${Math.round(megabytes)} MB at most`)
})

test.run()
