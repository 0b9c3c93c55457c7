import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError, InputErrors } from '../../../../lib/error.ts'
import { loadInventory } from '../../../../lib/inventory/index.ts'
import { type Files, writeFixture } from '../fixture.ts'

async function errorOf(files: Files, source: string): Promise<{ message: string; place: string; next: string }> {
  const folder = writeFixture(files)
  const path = source.includes(',') ? source : join(folder, source)
  const thrown: unknown = await loadInventory({ sources: [path] }).catch((error: unknown) => error)
  const error = thrown instanceof InputErrors ? thrown.errors[0] : thrown
  assert.instance(error, HostwrightError)
  const { message, place, next, kind } = error as HostwrightError
  assert.is(kind, 'input')
  const shown =
    place && [place.file.replace(`${folder}/`, ''), place.line, place.column].filter((part) => part !== undefined)
  return { message, place: shown?.join(':') ?? '', next: next ?? '' }
}

interface Case {
  readonly what: string
  readonly files: Files
  readonly source: string
  readonly place: string
  readonly message: RegExp
  readonly next?: RegExp
}

const list = (json: string): string =>
  `#!/bin/sh\n[ "$1" = --list ] && echo '${json}'\n[ "$1" = --host ] && echo oops\ntrue\n`

const refusals: readonly Case[] = [
  {
    what: 'a source that is not there',
    files: {},
    source: 'nope',
    place: 'nope',
    message: /there is no inventory/,
    next: /comma/,
  },
  {
    what: 'YAML that does not parse',
    files: { 'h.yml': 'all:\n  hosts: [\n' },
    source: 'h.yml',
    place: 'h.yml:3:1',
    message: /not YAML/,
  },
  {
    what: 'a YAML list',
    files: { 'h.yml': '- a\n' },
    source: 'h.yml',
    place: 'h.yml:1',
    message: /mapping of groups.*a list/,
    next: /INI/,
  },
  {
    what: 'hosts as a list',
    files: { 'h.yml': 'all:\n  hosts:\n    - a\n' },
    source: 'h.yml',
    place: 'h.yml:2:3',
    message: /must be a mapping, not a list/,
    next: /colon/,
  },
  {
    what: 'a host with a list',
    files: { 'h.yml': 'all:\n  hosts:\n    a: [1]\n' },
    source: 'h.yml',
    place: 'h.yml:3:5',
    message: /variables of a must be a mapping/,
  },
  {
    what: 'a plugin',
    files: { 'h.yml': 'plugin: aws_ec2\n' },
    source: 'h.yml',
    place: 'h.yml:1:1',
    message: /plugins are not supported/,
    next: /script/,
  },
  {
    what: 'an unknown tag',
    files: { 'h.yml': 'all:\n  vars:\n    a: !secret x\n' },
    source: 'h.yml',
    place: 'h.yml:3:16',
    message: /the tag here is not known/,
  },
  {
    what: 'an alias of nothing',
    files: { 'h.yml': 'all:\n  vars: {a: *x}\n' },
    source: 'h.yml',
    place: 'h.yml:2:13',
    message: /this alias has no anchor/,
  },
  {
    what: 'a value in itself',
    files: { 'h.yml': 'all:\n  vars: {a: &x [*x]}\n' },
    source: 'h.yml',
    place: 'h.yml:2:16',
    message: /contains itself/,
  },
  { what: 'TOML', files: { 'h.toml': '[web.hosts]\n' }, source: 'h.toml', place: 'h.toml', message: /TOML/ },
  {
    what: 'variables as a list',
    files: { h: 'a\n', 'group_vars/all.yml': '- a\n' },
    source: 'h',
    place: 'group_vars/all.yml:1',
    message: /mapping of names.*a list/,
  },
  {
    what: 'a broken file of variables',
    files: { h: 'a\n', 'host_vars/a.yml': 'a: b: c\n' },
    source: 'h',
    place: 'host_vars/a.yml:1:4',
    message: /not YAML/,
  },
  {
    what: 'a script that fails',
    files: { s: '#!/bin/sh\necho no luck >&2; exit 3\n' },
    source: 's',
    place: 's',
    message: /script failed: no luck/,
    next: /--list/,
  },
  {
    what: 'a script without JSON',
    files: { s: '#!/bin/sh\necho hi\n' },
    source: 's',
    place: 's',
    message: /for --list it prints no JSON/,
  },
  {
    what: 'a script with a list',
    files: { s: list('[1]') },
    source: 's',
    place: 's',
    message: /prints a list instead of a mapping/,
  },
  {
    what: 'a script with odd hosts',
    files: { s: list('{"web": {"hosts": "w1"}}') },
    source: 's',
    place: 's',
    message: /hosts of web are a text, not a list/,
  },
  {
    what: 'a script with a numbered host',
    files: { s: list('{"web": [1]}') },
    source: 's',
    place: 's',
    message: /a host of web is a number/,
  },
  {
    what: 'a script with bad --host',
    files: { s: list('{"web": ["w1"]}') },
    source: 's',
    place: 's',
    message: /for --host w1 it prints no JSON/,
  },
  {
    what: 'a folder with one bad file',
    files: { 'inv/a': 'x y\n', 'inv/b': 'fine\n' },
    source: 'inv',
    place: 'inv/a:1:3',
    message: /expected name=value/,
  },
]

for (const { what, files, source, place, message, next } of refusals)
  test(`refused: ${what}`, async () => {
    const error = await errorOf(files, source)
    assert.match(error.message, message)
    if (place !== '') assert.is(error.place, place)
    if (next !== undefined) assert.match(error.next, next)
  })

test('the errors of several sources come together', async () => {
  const folder = writeFixture({ 'a.ini': 'x y\n', 'b.ini': 'z:\n' })
  const error: unknown = await loadInventory({ sources: [join(folder, 'a.ini'), join(folder, 'b.ini')] }).catch(
    (thrown: unknown) => thrown,
  )
  assert.instance(error, InputErrors)
  assert.is((error as InputErrors).errors.length, 2)
})

test('bytes that are no UTF-8 are allowed in comments only, and the line is told', async () => {
  const file = join(writeFixture({}), 'hosts.ini')
  writeFileSync(file, Buffer.from('# caf\xe9\nweb1\n', 'latin1'))
  assert.equal((await loadInventory({ sources: [file] })).hosts, ['web1'])
  writeFileSync(file, Buffer.from('web1\nweb2 a=caf\xe9\n', 'latin1'))
  const error: unknown = await loadInventory({ sources: [file] }).catch((thrown: unknown) => thrown)
  assert.instance(error, HostwrightError)
  assert.is((error as HostwrightError).place?.line, 2)
})

test('an INI file that happens to be executable is read, not run', async () => {
  const folder = writeFixture({ hosts: 'web1 a=1\n' })
  chmodSync(join(folder, 'hosts'), 0o755)
  assert.equal((await loadInventory({ sources: [join(folder, 'hosts')] })).hosts, ['web1'])
})

test('a script that is not executable is not run', async () => {
  const folder = writeFixture({ hosts: '#!/bin/false\nweb1\n' })
  chmodSync(join(folder, 'hosts'), 0o644)
  assert.equal((await loadInventory({ sources: [join(folder, 'hosts')] })).hosts, ['web1'])
})

test('equal keys, unknown sections and odd groups bring warnings with their places', async () => {
  const folder = writeFixture({ 'h.yml': 'web:\n  host: {a: }\n  vars: {x: 1, x: 2}\nport: 80\n' })
  const warnings: string[] = []
  const warn = (message: string) => warnings.push(message.replace(`${folder}/`, ''))
  const inventory = await loadInventory({ sources: [join(folder, 'h.yml')], warn })
  assert.equal(warnings, [
    'h.yml:3:16: the key "x" stands here twice; the last one counts',
    'h.yml:2:3: "host" in the group web is skipped — did you mean "hosts"?: only hosts, vars and children count',
    'h.yml:4:1: the group port is a number, not a mapping; it is skipped',
  ])
  assert.is(inventory.writtenOfGroup('web').get('x')?.value, 2)
})

test('an alias bomb is refused before it goes off', async () => {
  const levels = Array.from({ length: 30 }, (_, i) => `    l${i + 1}: &l${i + 1} [*l${i}, *l${i}, *l${i}]`).join('\n')
  const error = await errorOf({ 'h.yml': `all:\n  vars:\n    l0: &l0 [x]\n${levels}\n` }, 'h.yml')
  assert.match(error.message, /its aliases stand for more than 1000000 values/)
})

test.run()
