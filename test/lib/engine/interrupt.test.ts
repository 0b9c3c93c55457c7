// needs: openssh-server openssh-client busybox sudo
/** What a run that is stopped leaves behind on hosts: the command line as a real process, and real hosts over every kind of connection. */
import { spawn, type ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Event, ResultEvent } from '../../../lib/events/event.ts'
import { cable } from '../connection/cable.ts'
import { pathOf } from '../connection/shells.ts'
import { startSshd, type Sshd } from '../connection/sshd.ts'
import { temporaryUser, type TemporaryUser } from '../connection/user.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'hostwright-interrupt-'))
let sshd: Sshd
let operator: TemporaryUser
let other: TemporaryUser
let container: ChildProcess

test.before(async () => {
  sshd = await startSshd()
  operator = temporaryUser('stop', 'ALL=(ALL) ALL')
  other = temporaryUser('other')
  container = spawn('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', 'sleep', '3600'], {
    stdio: 'ignore',
  })
})
test.after(async () => {
  container.kill('SIGKILL')
  for (const user of [operator, other]) user.remove()
  await sshd.stop()
  rmSync(folder, { recursive: true })
})

const commonArgs = () => String(sshd.vars['ansible_ssh_common_args'])

type Vars = Readonly<Record<string, unknown>>

/** A shell among the processes of a container, in a session of its own, as `docker exec` gives it. */
function inContainer(): readonly string[] {
  const init = readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8').trim()
  return ['nsenter', '--target', init, '--pid', '--mount', 'setsid', 'sh']
}

/** A host for each way to this machine. */
function ways(): Readonly<Record<string, Vars>> {
  // A login that is kept for the next run would hold its user.
  const ssh = { ...sshd.vars, ansible_ssh_common_args: `${commonArgs()} -o ControlPersist=no` }
  const login = { ...ssh, ansible_user: operator.name }
  const become = { ...login, ansible_become: true, ansible_become_password: operator.password.reveal() }
  const busybox = ['env', '-i', `PATH=${pathOf('busybox alone')}`, 'sh']
  return {
    local: { ansible_connection: 'local' },
    ssh,
    openssh: { ...ssh, ansible_connection: 'openssh' },
    sudo: become,
    'sudo-openssh': { ...become, ansible_connection: 'openssh' },
    su: {
      ...login,
      ...{ ansible_become: true, ansible_become_method: 'su', ansible_become_user: other.name },
      ansible_become_password: other.password.reveal(),
    },
    command: { ansible_connection: 'command', ansible_shell_command: 'sh' },
    busybox: { ansible_connection: 'command', ansible_shell_command: busybox },
    container: { ansible_connection: 'command', ansible_shell_command: inContainer() },
    looking: { ansible_connection: 'local', only_looks: true },
  }
}

/** Children and grandchildren: one that ignores hang-ups, one in a session of its own, one that wants no end and starts more, one whose parent has gone. */
const family = [
  '(trap "" HUP; exec sleep 901) &',
  'setsid sh -c "sleep 902; true" &',
  '(sleep 903 &)',
  `sh -c 'trap "" TERM; while :; do sleep 904; done' &`,
  'wait',
].join('\n')
const members = 7

interface Ended {
  readonly status: number | null
  /** What became of the long task, by host. */
  readonly long: ReadonlyMap<string, ResultEvent>
  /** Hosts that came to the task behind it. */
  readonly after: readonly string[]
}

interface Run {
  readonly child: ChildProcess
  readonly ended: Promise<Ended>
  /** The command lines of what it runs on this host, or on all of them, by process id. */
  running(host?: string): ReadonlyMap<number, string>
}

let runs = 0

/** Uses the command line on a playbook of one long task, which `quick` skips, and one behind it. In the end nothing of it is left. */
async function withRun(
  hosts: Readonly<Record<string, Vars>>,
  { options = '{}', cmd = family }: { readonly options?: string; readonly cmd?: string },
  use: (run: Run) => Promise<void>,
): Promise<void> {
  const mark = `hostwright-interrupt-${process.pid}-${(runs += 1)}`
  const shop = mkdtempSync(join(folder, 'run-'))
  const file = (name: string, text: string): string => {
    writeFileSync(join(shop, name), text, { mode: 0o600 })
    return join(shop, name)
  }
  file('package.json', '{ "type": "module" }')
  const inventory = file('hosts.json', JSON.stringify({ all: { hosts } }))
  const site = file(
    'site.ts',
    `import { play, playbook } from '${root}lib/index.ts'
import { shell } from '${root}modules/index.ts'
const cmd = ${JSON.stringify(cmd)}
export default playbook('site', [play('p', { hosts: 'all' })
  .task('Long', ({ host, vars }) => host !== 'quick' && shell({ cmd, environment: { MARK: '${mark} ' + host }, changes: vars.only_looks !== true }), ${options})
  .task('After', () => shell({ cmd: 'true' }))])`,
  )
  const argv = ['--import', 'tsx', join(root, 'bin/hostwright-playbook.js'), site, '-i', inventory, '--output', 'json']
  const child = spawn(process.execPath, argv, {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { PATH: process.env['PATH'], HOME: shop },
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()))
  const ended = new Promise<Ended>((resolve) => child.on('close', (status) => resolve({ status, ...told(out) })))
  const running = (host = '') => processesWith(`MARK=${mark} ${host}`)
  try {
    await use({ child, ended, running })
  } finally {
    child.kill('SIGKILL')
    await ended
    for (const pid of running().keys()) process.kill(pid, 'SIGKILL')
  }
}

function told(out: string): Omit<Ended, 'status'> {
  const results = out
    .trimEnd()
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Event)
    .filter((event): event is ResultEvent => event.type === 'result')
  const of = (task: string) => results.filter((event) => event.task === task)
  return { long: new Map(of('Long').map((event) => [event.host, event])), after: of('After').map(({ host }) => host) }
}

/** Processes whose environment holds this, with their command lines. */
function processesWith(variable: string): ReadonlyMap<number, string> {
  const found = new Map<number, string>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name)))
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').includes(variable)) continue
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim()
      if (command !== '') found.set(Number(pid), command)
    } catch {
      // It has ended meanwhile.
    }
  return found
}

async function waitFor(what: string, is: () => boolean): Promise<void> {
  for (let i = 0; i < 600 && !is(); i += 1) await sleep(200)
  assert.ok(is(), what)
}

/** Waits until everything has begun on every host. */
async function begun({ running }: Run, hosts: readonly string[]): Promise<void> {
  for (const host of hosts) await waitFor(`it runs on ${host}`, () => running(`${host}\0`).size >= members)
}

for (const signal of ['SIGINT', 'SIGTERM'] as const)
  test(`${signal} ends what runs, with its children, on every kind of host`, () =>
    withRun(ways(), {}, async (run) => {
      const hosts = Object.keys(ways())
      await begun(run, hosts)
      run.child.kill(signal)
      const { status, long, after } = await run.ended
      assert.equal([...run.running().values()], [])
      assert.is(status, 99)
      assert.equal(after, [])
      for (const host of hosts) {
        const error = long.get(host)?.error
        assert.match(error?.message ?? '', /^interrupted: cut off after \d+ s$/, host)
        assert.match(error?.next ?? '', /^what it ran was ended, except for daemons and package installations; /, host)
      }
    }))

test('the time limit of a task ends what runs, with its children, and other hosts go on', () =>
  withRun({ ...ways(), quick: { ansible_connection: 'local' } }, { options: '{ timeout: 30 }' }, async (run) => {
    const hosts = Object.keys(ways())
    await begun(run, hosts)
    const { status, long, after } = await run.ended
    assert.equal([...run.running().values()], [])
    assert.is(status, 2)
    assert.equal(after, ['quick'])
    for (const host of hosts)
      assert.is(
        long.get(host)?.error?.message,
        'not done within 30 s, the timeout of the task; what it ran was ended, except for daemons and package installations',
        host,
      )
  }))

test('what has left its parent and its session is a daemon, and goes on', () =>
  withRun({ local: { ansible_connection: 'local' } }, { cmd: '(setsid sleep 905 &); sleep 906' }, async (run) => {
    const sleeping = () => [...run.running().values()].filter((command) => command.startsWith('sleep')).sort()
    await waitFor('both run', () => sleeping().length === 2)
    run.child.kill('SIGINT')
    await run.ended
    assert.equal(sleeping(), ['sleep 905'])
  }))

test('a host that does not answer is told with what may still run there', async () => {
  const line = await cable(sshd)
  const args = `${String(line.vars['ansible_ssh_common_args'])} -o ControlPersist=no`
  const ssh = { ...sshd.vars, ...line.vars, ansible_ssh_common_args: args }
  await withRun({ ssh }, { cmd: 'exec sleep 907' }, async (run) => {
    await waitFor('it runs', () => [...run.running().values()].includes('sleep 907'))
    line.silence()
    run.child.kill('SIGINT')
    const { status, long } = await run.ended
    assert.ok([...run.running().values()].includes('sleep 907'), 'nobody could end it')
    assert.is(status, 99)
    const { message = '', next = '' } = long.get('ssh')?.error ?? {}
    const left = /process \d+, with what it has started, may still run on ssh: no answer within 10 seconds$/
    assert.match(message, /^interrupted: cut off after \d+ s; /)
    assert.match(message, left)
    assert.match(next, /^see on ssh that it has ended; /)
  })
  await line.cut()
})

test.run()
