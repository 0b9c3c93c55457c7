import fc from 'fast-check'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../lib/error.ts'
import type { Host } from '../../lib/host/host.ts'
import { holdsUnknown } from '../../lib/play/module.ts'
import { mask, Secret } from '../../lib/secret.ts'
import { command } from '../../modules/command.ts'
import { shell } from '../../modules/shell.ts'
import { runCall, simulate, withHost } from '../../lib/testing/index.ts'

const here = <T>(use: (host: Host) => Promise<T>): Promise<T> => withHost(use)
const folder = mkdtempSync(join(tmpdir(), 'command-'))

async function failure(work: Promise<unknown>): Promise<HostwrightError> {
  try {
    await work
  } catch (error) {
    if (error instanceof HostwrightError) return error
    return new HostwrightError(String(error))
  }
  return assert.unreachable('it should have failed') as never
}

/** Text a shell could stumble over; a NUL byte cannot be in an argument. */
const hostile = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 40 }),
    fc.constantFrom(
      '',
      ' ',
      '$(reboot)',
      '`id`',
      "'",
      '"',
      '\\',
      '\n',
      '-n',
      '--',
      '*',
      '~',
      '~root',
      '$HOME',
      '${PATH}',
      '!!',
      '#',
      ';',
      '&',
      'a\nb\n',
      '\t',
      'é',
      '\u{1F600}',
      '\r\n',
    ),
  )
  .map((text) => Buffer.from(text.replaceAll('\0', '')).toString())

test('any words arrive as they are, when looking and when running', () =>
  here(async (host) => {
    const property = fc.asyncProperty(
      fc.array(hostile, { minLength: 1, maxLength: 5 }),
      fc.boolean(),
      async (words, changes) => {
        const params = {
          argv: ['printf', '%s\\001', ...words],
          expand_argument_vars: false,
          strip_empty_ends: false,
          changes,
        }
        const { result } = await runCall(host, command(params))
        assert.equal(result.stdout, words.map((word) => `${word}\u0001`).join(''))
      },
    )
    await fc.assert(property, { numRuns: 150 })
  }))

test('any environment and input arrive as they are', () =>
  here(async (host) => {
    const property = fc.asyncProperty(hostile, hostile, hostile, fc.boolean(), async (one, two, stdin, changes) => {
      const { result } = await runCall(
        host,
        shell({
          cmd: 'printf "%s\\001%s\\001" "$ONE" "$TWO"; cat',
          environment: { ONE: one, TWO: new Secret(two) },
          stdin,
          stdin_add_newline: false,
          strip_empty_ends: false,
          changes,
        }),
      )
      assert.equal(result.stdout, `${one}\u0001${two}\u0001${stdin}`)
    })
    await fc.assert(property, { numRuns: 100 })
  }))

test('a shell script runs as it is written', () =>
  here(async (host) => {
    const { result } = await runCall(host, shell({ cmd: `set -e\necho "a'b" | tr a-z A-Z\nexit 0` }))
    assert.is(result.stdout, "A'B")
    const bash = await runCall(host, shell({ cmd: 'echo ${BASH_VERSION:+bash}', executable: '/bin/bash' }))
    assert.is(bash.result.stdout, 'bash')
  }))

const expansions: readonly (readonly [string, string])[] = [
  ['echo $HOME/x "$HOME y"', `${process.env['HOME'] ?? ''}/x ${process.env['HOME'] ?? ''} y`],
  ['echo ${HOME}x', `${process.env['HOME'] ?? ''}x`],
  ['echo $NOT_SET_HERE ${NOT_SET_HERE}', '$NOT_SET_HERE ${NOT_SET_HERE}'],
  ['echo ~/x a~ ~nobody-of-this-name', `${process.env['HOME'] ?? ''}/x a~ ~nobody-of-this-name`],
  ["echo 'single $1' $1", 'single $1 $1'],
  ['echo a|b; >c & *', 'a|b; >c & *'],
]
for (const [cmd, stdout] of expansions)
  test(`words of ${cmd} are expanded as Ansible's, and nothing else is`, () =>
    here(async (host) => assert.is((await runCall(host, command({ cmd }))).result.stdout, stdout)))

test('only programs are run, no words of the shell', () =>
  here(async (host) => {
    assert.is((await failure(runCall(host, command({ cmd: 'exit 3' })))).data['rc'], 127)
    assert.is((await failure(runCall(host, command({ cmd: 'A=b true' })))).data['rc'], 127)
  }))

test('a status other than 0 is an error that has all the command said', () =>
  here(async (host) => {
    const error = await failure(runCall(host, shell({ cmd: 'echo out; echo err >&2; exit 3' })))
    assert.is(error.kind, 'failed')
    const { rc, stdout, stderr, cmd } = error.data
    assert.equal(
      { rc, stdout, stderr, cmd },
      { rc: 3, stdout: 'out', stderr: 'err', cmd: 'echo out; echo err >&2; exit 3' },
    )
  }))

test('a command killed by a signal is an error', () =>
  here(async (host) => assert.is((await failure(runCall(host, shell({ cmd: 'kill -9 $$' })))).data['rc'], 137)))

test('creates and removes keep it from running; patterns and chdir count', () =>
  here(async (host) => {
    writeFileSync(join(folder, 'done-1'), '')
    const skips = [
      { creates: join(folder, 'done-1') },
      { creates: join(folder, 'done-*') },
      { creates: 'done-?', chdir: folder },
      { creates: `${tmpdir()}/comm*/done-[0-9]` },
      { removes: join(folder, 'nothing') },
      { removes: join(folder, '.*') },
    ]
    for (const params of skips) {
      const { changed, result } = await runCall(host, shell({ cmd: 'exit 1', ...params }))
      assert.is(changed, false)
      assert.match(result.stdout, 'skipped, since')
    }
    await failure(
      runCall(host, shell({ cmd: 'exit 1', creates: join(folder, 'other-*'), removes: join(folder, 'done-1') })),
    )
  }))

test('a folder that is not there is an error of the plan', () =>
  here(async (host) =>
    assert.match(
      (await failure(runCall(host, command({ cmd: 'true', chdir: '/no/such' })))).message,
      'no folder /no/such',
    ),
  ))

test('in check mode nothing runs, and what it would say is unknown', () =>
  here(async (host) => {
    const file = join(folder, 'ran')
    const simulated = simulate(host)
    const { changed, result } = await runCall(simulated, shell({ cmd: `touch ${file}` }))
    assert.is(changed, true)
    assert.ok(holdsUnknown(result.stdout))
    assert.is((await runCall(host, shell({ cmd: 'true', creates: file }))).changed, true)
    const looking = await runCall(simulated, shell({ cmd: 'echo seen', changes: false }))
    assert.is(looking.changed, false)
    assert.is(looking.result.stdout, 'seen')
  }))

test('lines are split as Python does, and empty ends are stripped unless they are wanted', () =>
  here(async (host) => {
    const cmd = "printf 'a\\n\\nb\\fc\\r\\n\\n'"
    assert.equal((await runCall(host, shell({ cmd }))).result.stdout_lines, ['a', '', 'b', 'c'])
    assert.is((await runCall(host, shell({ cmd, strip_empty_ends: false }))).result.stdout, 'a\n\nb\fc\r\n\n')
  }))

test('stdin gets a newline, as in Ansible also a second one, unless it is told not to', () =>
  here(async (host) => {
    for (const [stdin, bytes] of [
      ['abc', '4'],
      ['abc\n', '5'],
      ['', '0'],
    ] as const)
      assert.is((await runCall(host, command({ cmd: 'wc -c', stdin }))).result.stdout, bytes)
    assert.is(
      (await runCall(host, command({ cmd: 'wc -c', stdin: 'abc', stdin_add_newline: false }))).result.stdout,
      '3',
    )
  }))

test('a secret of the environment is in no argument list, and masked where it is shown', () =>
  here(async (host) => {
    const secret = new Secret('Zq7-tellnobody')
    const { result } = await runCall(host, shell({ cmd: 'ps -eo args; echo "$PW"', environment: { PW: secret } }))
    assert.is(result.stdout.split('Zq7-tellnobody').length, 2)
    assert.not.match(mask(result.stdout), 'Zq7')
  }))

const refused = [
  [{}, 'either "cmd" or "argv"'],
  [{ cmd: 'a', argv: ['b'] }, 'either "cmd" or "argv"'],
  [{ cmd: 'echo "a' }, 'the quote " is never closed'],
  [{ cmd: '  ' }, 'empty'],
  [{ argv: ['a\0b'] }, 'NUL'],
  [{ cmd: 'a', environment: { 'A B': 'c' } }, 'cannot name a variable'],
  [{ cmd: 'a', environment: { A: ['c'] } }, 'must be text'],
] as const
for (const [params, words] of refused)
  test(`refused before a host is touched: ${JSON.stringify(params)}`, async () => {
    const error = await failure(runCall(undefined as unknown as Host, command(params as Parameters<typeof command>[0])))
    assert.match(error.message, words)
  })

test.after(() => rmSync(folder, { recursive: true }))
test.run()
