/** What cannot be read is told by its place, never by its text: it may be a password. */
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { extraVars } from '../../lib/cli/options/extra-vars.ts'
import { parseOptions } from '../../lib/cli/options/options.ts'
import { playbookOptions } from '../../lib/cli/options/playbook-options.ts'
import { readSshArgs } from '../../lib/connection/settings/ssh-args.ts'
import { HostwrightError, InputErrors } from '../../lib/error.ts'
import { loadInventory } from '../../lib/inventory/index.ts'
import { errorText } from '../../lib/report/error.ts'

const folder = mkdtempSync(join(tmpdir(), 'hostwright-untold-'))
test.after(() => rmSync(folder, { recursive: true }))
let count = 0
function written(name: string, text: string, mode = 0o644): string {
  const file = join(folder, `${count++}${name}`)
  writeFileSync(file, text)
  chmodSync(file, mode)
  return file
}

const extra = (text: string) => extraVars([text], { cwd: folder, passwords: [], warn: () => {} })
const inventory = (name: string, text: string, mode?: number) =>
  loadInventory({ sources: [written(name, text, mode)], warn: () => {} })

const cases: Readonly<Record<string, () => unknown>> = {
  'a quote of -e that never closes': () => extra(`password="S3cretWord and more`),
  'braces of -e that never close': () => extra('password={{S3cretWord'),
  'a word of -e without =': () => extra('password=two S3cretWord'),
  '-e that is a list': () => extra('["S3cretWord"]'),
  '-e that is no YAML': () => extra('{password: "S3cretWord'),
  'a quote of ssh arguments': () => readSshArgs(`-o "ProxyCommand=sshpass -p S3cretWord`),
  'a word of ssh arguments': () => readSshArgs('-v S3cretWord'),
  'an option of ssh without a value': () => readSshArgs('-o :S3cretWord'),
  'a flag that takes no argument': () => parseOptions(playbookOptions, ['--ask-pass=S3cretWord'], {}),
  'an INI word': () => inventory('.hosts', 'db1 ansible_password=two S3cretWord\n'),
  'an INI quote': () => inventory('.hosts', 'db1 ansible_password="S3cretWord\n'),
  'an INI variable': () => inventory('.hosts', '[all:vars]\nS3cretWord\n'),
  'an INI section': () => inventory('.hosts', '[all:vars]\n[S3cretWord x]\n[S3cretWord\n'),
  'a child in INI': () => inventory('.hosts', '[all:children]\npassword: S3cretWord\n'),
  'an alias in YAML': () => extra(`@${written('.yml', 'password: *S3cretWord\n')}`),
  'a tag in YAML': () => extra(`@${written('.yml', 'password: !S3cretWord\n')}`),
  'a second value in YAML': () => extra(`@${written('.yml', '- a\npassword: S3cretWord\n')}`),
  'YAML behind its end': () => extra(`@${written('.yml', 'a: 1\n]: S3cretWord\n')}`),
  'JSON of an inventory script': () => inventory('.sh', '#!/bin/sh\necho "S3cretWord"\n', 0o755),
}
for (const [what, read] of Object.entries(cases))
  test(`${what} is not shown`, async () => {
    const error: unknown = await Promise.resolve()
      .then(read)
      .then(
        () => undefined,
        (thrown: unknown) => thrown,
      )
    assert.ok(error instanceof HostwrightError || error instanceof InputErrors, String(error))
    for (const verbosity of [0, 2]) assert.not.match(errorText(error, { cwd: '/', verbosity, colour: false }), 'S3cret')
  })

const deep = '['.repeat(200_000) + ']'.repeat(200_000)
const nested: Readonly<Record<string, () => unknown>> = {
  'in -e': () => extra(`{"a": ${deep}}`),
  'in a file': () => extra(`@${written('.json', `{"a": ${deep}}`)}`),
  'in YAML': () => extra(`@${written('.yml', `a: ${deep}`)}`),
  'of an inventory script': () =>
    inventory('.sh', `#!/bin/sh\ncat ${written('.txt', `{"all": {"vars": {"a": ${deep}}}}`)}\n`, 0o755),
}
for (const [where, read] of Object.entries(nested))
  test(`values nested 200,000 deep ${where} are refused`, async () => {
    const error: unknown = await Promise.resolve()
      .then(read)
      .catch((thrown: unknown) => thrown)
    assert.ok(error instanceof HostwrightError, String(error))
    assert.match(error.message, 'nested more than 500 deep')
  })

test('when the disk behind standard output is full, that is told, and the status says so', () => {
  const program = `
    const { processConsole } = await import(${JSON.stringify(fileURLToPath(new URL('../../lib/cli/console.ts', import.meta.url)))})
    const console = processConsole()
    console.out('one'); console.out('two')
    process.exitCode = 0`
  const { status, stderr } = spawnSync(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    {
      ...{ stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'], encoding: 'utf8' },
    },
  )
  assert.is(status, 1, stderr)
  assert.is(stderr.split('\n').filter((line) => line !== '').length, 1, stderr)
  assert.match(stderr, /standard output cannot be written: .*ENOSPC/)
})

test.run()
