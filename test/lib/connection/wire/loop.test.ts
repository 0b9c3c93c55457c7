// needs: busybox
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import {
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import fc from 'fast-check'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import type { Connection, Shell } from '../../../../lib/connection/index.ts'
import { loopText, prelude, readyPattern } from '../../../../lib/connection/wire/loop.ts'
import { raw, sh } from '../../../../lib/quote.ts'
import { connectShell, pathOf, shells, type ShellName } from '../shells.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-loop-'))
test.after(() => rmSync(folder, { recursive: true, force: true }))

async function withShell<T>(name: ShellName, use: (shell: Shell, connection: Connection) => Promise<T>): Promise<T> {
  const connection = await connectShell(name)
  try {
    return await use(await connection.shell(), connection)
  } finally {
    await connection.close()
  }
}

/** The loop without a client, for what a client never sends. */
async function bareLoop(name: ShellName): Promise<{ loop: ChildProcessWithoutNullStreams; temporary: string }> {
  const nonce = Math.random().toString(16).slice(2)
  const loop = spawn('sh', ['-c', loopText(nonce)], { env: { PATH: pathOf(name) } })
  let said = ''
  while (!readyPattern(nonce).test(said)) said += String((await once(loop.stdout, 'data'))[0])
  loop.stdin.write(prelude(nonce))
  return { loop, temporary: `/dev/shm/.hostwright-${nonce}` }
}

const anyBytes = fc.uint8Array({ maxLength: 5000 }).map((array) => Buffer.from(array))

test('the texts survive any login shell: one line, no single quote, no history character', () => {
  assert.not.match(loopText('x'), /['!\n]|\\\\[^"$]/)
})

for (const name of shells) {
  test(`${name}: any bytes go in and come out, on both outputs`, () =>
    withShell(name, (shell) =>
      fc.assert(
        fc.asyncProperty(
          fc.array(fc.tuple(anyBytes, fc.nat(255)), { minLength: 1, maxLength: 6 }),
          async (requests) => {
            const replies = await Promise.all(
              requests.map(([input, status]) => shell.request(sh`tee /dev/stderr; exit ${status}`, { input })),
            )
            assert.equal(
              replies,
              requests.map(([input, status]) => ({ status, stdout: input, stderr: input })),
            )
          },
        ),
        { numRuns: 15 },
      ),
    ))

  test(`${name}: a script may hold any text, short or long`, () =>
    withShell(name, (shell) =>
      fc.assert(
        fc.asyncProperty(
          fc.string({ unit: 'binary', maxLength: 300 }).filter((text) => !text.includes('\0')),
          fc.constantFrom(0, 3000),
          async (text, padding) => {
            const { stdout } = await shell.request(sh`printf %s ${text} # ${'.'.repeat(padding)}`)
            assert.is(stdout.toString(), text)
          },
        ),
        { numRuns: 40 },
      ),
    ))

  test(`${name}: control characters and high bytes in a script arrive`, () =>
    withShell(name, async (shell) => {
      const all = Array.from({ length: 255 }, (_, i) => String.fromCodePoint(i + 1)).join('')
      assert.is((await shell.request(sh`printf %s ${all}`)).stdout.toString(), all)
    }))

  test(`${name}: nothing a script does breaks the loop`, () =>
    withShell(name, async (shell) => {
      const rude = [
        'exit 7',
        'cd /; umask 777; set -e; false',
        'exec >/dev/null 2>&1 </dev/null; echo x',
        'trap "echo trapped" EXIT; exit 3',
        'exec sleep 0',
        'set -u; echo "$not_set"',
        "kill -9 $(sh -c 'echo $PPID')",
        'if then fi (',
        'unset PATH LC_ALL; IFS=x; PATH=/nowhere',
        'read -r line; echo "got [$line]"',
        'cat; echo done',
        'exec 0<&- 1>&- 2>&-',
      ]
      for (const script of rude) await shell.request(raw(script))
      const after = await shell.request(raw('pwd -P; umask; echo "$LC_ALL"; echo "[$_hundefined]"'))
      assert.is(after.status, 0)
      assert.match(after.stdout.toString(), /\/.*\n0?0\d\d\nC\n\[\]\n/)
    }))

  test(`${name}: statuses and words come back`, () =>
    withShell(name, async (shell) => {
      const replies = await Promise.all([
        shell.request(raw('true')),
        shell.request(raw('echo out; echo err >&2; exit 5')),
        shell.request(raw('')),
        shell.request(raw('# only a comment')),
        shell.request(raw('cat <<EOF\nhere $((1+1))\nEOF')),
      ])
      assert.equal(
        replies.map(({ status, stdout, stderr }) => [status, String(stdout), String(stderr)]),
        [
          [0, '', ''],
          [5, 'out\n', 'err\n'],
          [0, '', ''],
          [0, '', ''],
          [0, 'here 2\n', ''],
        ],
      )
    }))

  test(`${name}: a large input and a large output come whole`, () =>
    withShell(name, async (shell) => {
      const input = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) >> 3))
      const [there, small] = await Promise.all([shell.request(raw('cat'), { input }), shell.request(raw('echo after'))])
      assert.ok(there.stdout.equals(input))
      assert.is(small.stdout.toString(), 'after\n')
    }))

  test(`${name}: a process left in the background holds nothing up and disturbs no later answer`, () =>
    withShell(name, async (shell) => {
      await shell.request(raw('while :; do echo noise; sleep 0.05 || sleep 1; done & echo $! >"' + folder + '/pid"'))
      const replies = []
      for (let i = 0; i < 60; i += 1) replies.push(await shell.request(sh`sleep 0.01; echo ${i}`))
      assert.equal(
        replies.map(({ stdout }) => stdout.toString()),
        replies.map((_, i) => `${i}\n`),
      )
      process.kill(Number(readFileSync(join(folder, 'pid'), 'utf8')))
    }))

  test(`${name}: half a request is not run, and the loop cleans up after itself`, async () => {
    const { loop, temporary } = await bareLoop(name)
    assert.ok(existsSync(temporary))
    const proof = join(folder, 'half')
    loop.stdin.end(`1 3 0\n_hn 100\n_hr 'cat >${proof}\n'\n1\nonly the beginning`)
    await once(loop, 'exit')
    assert.not(existsSync(proof))
    assert.not(existsSync(temporary))
  })

  test(`${name}: a loop that is not the first to read what is written to it says so and runs nothing`, async () => {
    const proof = join(folder, 'swallowed')
    const loop = spawn('sh', ['-c', loopText('x')], { env: { PATH: pathOf(name) } })
    loop.stdin.end(`${prelude('x').slice(4)}1 1 0\n_hr 'touch ${proof}'\n1\nmark\n`)
    const [said] = (await once(loop.stderr, 'data')) as [Buffer]
    await once(loop, 'exit')
    assert.match(String(said), /something else has read/)
    assert.not(existsSync(proof))
  })

  test(`${name}: half a script is not run`, async () => {
    const { loop } = await bareLoop(name)
    const proof = join(folder, 'half-script')
    loop.stdin.end(`1 3 0\n_hr 'touch ${proof}\n'\n`)
    await once(loop, 'exit')
    assert.not(existsSync(proof))
  })

  test(`${name}: a loop that nobody listens to ends and leaves nothing`, async () => {
    const { loop, temporary } = await bareLoop(name)
    loop.stdout.destroy()
    const [second, third] = [join(folder, 'second'), join(folder, 'third')]
    loop.stdin.write(
      `1 2 0\n_hr 'sleep 0.1 || sleep 1; echo x'\n_hr 'touch ${second}'\n1\nmark\n3 1 0\n_hr 'touch ${third}'\n3\nmark\n`,
    )
    await once(loop, 'exit')
    assert.not(existsSync(temporary))
    for (const file of [second, third]) assert.not(existsSync(file), 'what waited behind was not run')
    loop.stdin.destroy()
  })

  test(`${name}: the folder of a loop that was killed is removed by the next one, and no other`, async () => {
    const [killed, used, last] = [await bareLoop(name), await bareLoop(name), await bareLoop(name)]
    writeFileSync(join(killed.temporary, 'o1'), 'a secret')
    killed.loop.kill('SIGKILL')
    await once(killed.loop, 'exit')
    // Made by others: links to what is in use and to a folder of ours, and a folder that names a process that is gone.
    const planted = ['link', 'system', 'foreign'].map((label) => `${used.temporary}-${label}`)
    const [link = '', system = '', foreign = ''] = planted
    symlinkSync(used.temporary, link)
    symlinkSync(folder, system)
    mkdirSync(foreign)
    const owner = readFileSync(join(killed.temporary, '.owner'), 'utf8')
    writeFileSync(
      join(foreign, '.owner'),
      owner.replace(/[^ ]+$/, `${basename(foreign).slice('.hostwright-'.length)}\n`),
    )
    writeFileSync(join(folder, 'kept'), '')
    chownSync(foreign, 65534, 65534)
    try {
      last.loop.stdin.end()
      await once(last.loop, 'exit')
      for (const gone of [killed, last]) assert.not(existsSync(gone.temporary))
      for (const there of [
        used.temporary,
        join(used.temporary, '.owner'),
        join(folder, 'kept'),
        join(foreign, '.owner'),
      ])
        assert.ok(existsSync(there), there)
    } finally {
      for (const one of planted) rmSync(one, { recursive: true })
      used.loop.stdin.end()
      await once(used.loop, 'exit')
    }
    assert.not(existsSync(used.temporary))
  })

  test(`${name}: a folder for temporary files that is cleaned away is made again`, () =>
    withShell(name, async (shell) => {
      const { stdout } = await shell.request(raw('printf %s "$_hd"'))
      assert.match(stdout.toString(), /^\/dev\/shm\/\.hostwright-/)
      // The loop may still empty its files, as it does after each answer.
      rmSync(stdout.toString(), { recursive: true, maxRetries: 20, retryDelay: 50 })
      assert.is((await shell.request(raw('cat'), { input: 'x' })).stdout.toString(), 'x')
    }))
}

test.run()
