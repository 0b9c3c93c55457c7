// needs: busybox
/** The script that ends what runs on a host, in each shell that hosts have. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { endTree } from '../../../../lib/connection/wire/end-tree.ts'
import { endingOf, mayStillRun, type Ending } from '../../../../lib/connection/wire/ending.ts'
import { runs } from '../../../support/runs.ts'
import { pathOf, shells, type ShellName } from '../shells.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-end-'))
test.after(() => rmSync(folder, { recursive: true }))
const path = (name: string) => join(folder, name)

/** Ends a program, as this user of the machine. */
function end(shell: ShellName | undefined, pid: number, { loop = false, uid = 0 } = {}): Ending {
  const script = endTree([{ pid, loop }]).text
  const env = { PATH: shell === undefined ? process.env['PATH'] : pathOf(shell) }
  const { status, stdout } = spawnSync('sh', ['-c', script], { env, uid, gid: uid })
  return endingOf({ status: status ?? -1, stdout, stderr: Buffer.alloc(0) }, pid)
}

/** Runs a program in a session of its own, as each channel of a host does, until it has written these files; gives what they hold. */
async function withProgram(
  script: string,
  files: readonly string[],
  use: (program: ChildProcess & { pid: number }, pids: readonly number[]) => void | Promise<void>,
): Promise<void> {
  for (const file of files) rmSync(path(file), { force: true })
  const program = spawn('sh', ['-c', script], { cwd: folder, detached: true, stdio: 'ignore' })
  const read = (file: string) => (existsSync(path(file)) ? Number(readFileSync(path(file), 'utf8')) : 0)
  try {
    for (let i = 0; i < 600 && files.some((file) => read(file) === 0); i += 1) await sleep(50)
    await use(program as ChildProcess & { pid: number }, files.map(read))
  } finally {
    for (const pid of [program.pid ?? 0, ...files.map(read)]) if (runs(pid)) process.kill(pid, 'SIGKILL')
  }
}

for (const shell of shells) {
  test(`${shell}: children, grandchildren and those who have lost their parent are ended`, () =>
    withProgram(
      `sh -c 'echo $$ >one; sleep 911; true' & (sh -c 'echo $$ >two; exec sleep 912' &) ; setsid sh -c 'echo $$ >three; trap "" TERM; while :; do sleep 910; done' & wait`,
      ['one', 'two', 'three'],
      ({ pid }, pids) => {
        assert.equal(end(shell, pid), { is: 'ended' })
        assert.equal([pid, ...pids].filter(runs), [])
      },
    ))

  test(`${shell}: one that starts others without end is ended with all of them`, () =>
    withProgram('echo $$ >one; while :; do sleep 913 & sleep 0.1; done', ['one'], ({ pid }) => {
      assert.equal(end(shell, pid), { is: 'ended' })
      const session = spawnSync('pgrep', ['-s', String(pid)], { encoding: 'utf8' }).stdout
      assert.equal(session.split('\n').map(Number).filter(runs), [])
    }))

  test(`${shell}: what an earlier request of a loop has left goes on`, () =>
    withProgram(
      `(sh -c 'echo $$ >left; exec sleep 914' &); while [ ! -s left ]; do sleep 0.01; done; sh -c 'echo $$ >now; sleep 915; true' & wait`,
      ['left', 'now'],
      ({ pid }, [left = 0, now = 0]) => {
        assert.equal(end(shell, pid, { loop: true }), { is: 'ended' })
        assert.equal([pid, left, now].map(runs), [false, true, false])
      },
    ))

  test(`${shell}: a process whose name looks like another line of /proc leads to nobody else`, () =>
    withProgram('echo $$ >victim; exec sleep 916', ['victim'], (_, [victim = 0]) =>
      withProgram(
        `sh -c 'printf "\\n${victim} (" >/proc/$$/comm; echo $$ >named; sleep 917; true' & wait`,
        ['named'],
        ({ pid }, [named = 0]) => {
          assert.is(readFileSync(`/proc/${named}/comm`, 'latin1'), `\n${victim} (\n`)
          assert.equal(end(shell, pid), { is: 'ended' })
          assert.equal([pid, named, victim].map(runs), [false, false, true])
        },
      ),
    ))
}

test('in a container whose session tells nothing, those who have lost their parent are named', async () => {
  const container = spawn('unshare', ['--pid', '--fork', '--mount-proc', '--kill-child', 'sleep', '3600'])
  try {
    const init = () => readFileSync(`/proc/${container.pid}/task/${container.pid}/children`, 'utf8').trim()
    for (let i = 0; i < 600 && init() === ''; i += 1) await sleep(50)
    const inside = ['--target', init(), '--pid', '--mount', 'sh', '-c']
    // The process id is the container's, and the end of the container is the end of all.
    const told = path('inside')
    const script = `sleep 919 & (sleep 920 &); echo $$ >${told}.new; mv ${told}.new ${told}; wait`
    spawn('nsenter', [...inside, script], { stdio: 'ignore' })
    for (let i = 0; i < 600 && !existsSync(told); i += 1) await sleep(50)
    const pid = Number(readFileSync(told, 'utf8'))
    const { status, stdout } = spawnSync('nsenter', [...inside, endTree([{ pid, loop: false }]).text])
    const ending = endingOf({ status: status ?? -1, stdout, stderr: Buffer.alloc(0) }, pid)
    assert.match(mayStillRun([ending], 'web1') ?? '', /^sleep \(process \d+\) may still run on web1: /)
  } finally {
    container.kill('SIGKILL')
  }
})

test('what may not be killed is named', () =>
  withProgram('echo $$ >one; exec sleep 918', ['one'], ({ pid }) => {
    assert.equal(end(undefined, pid, { uid: 65534 }), { is: 'left', processes: [`sleep (process ${pid})`] })
    assert.ok(runs(pid))
  }))

test.run()
