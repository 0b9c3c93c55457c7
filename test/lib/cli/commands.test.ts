import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { moduleList, modulePage } from '../../../lib/cli/commands/doc.ts'
import { hostwright } from '../../../lib/cli/commands/hostwright.ts'
import type { AnyDefinition } from '../../../lib/play/module.ts'
import { choice, listOf, optional, secret, Type, withDefault } from '../../../lib/schema/index.ts'
import { Secret } from '../../../lib/secret.ts'
import { fakeConsole } from './fake.ts'

const folder = mkdtempSync(join(tmpdir(), 'commands-'))
const hosts = join(folder, 'hosts.ini')
writeFileSync(hosts, '[db]\ndb1 port=5432\n\n[db:vars]\nregion=eu\n')

async function run(...argv: string[]) {
  const console = fakeConsole({ cwd: folder })
  const code = await hostwright(argv, console, {
    modules: () => import('../../../modules/index.ts'),
    lab: () => import('../../../lab/lab-command.ts'),
  })
  return { code, ...console.told }
}

test('the inventory as ansible-inventory shows it', async () => {
  const vars = { port: 5432, region: 'eu' }
  const list = await run('inventory', '-i', hosts, '--list')
  assert.equal(JSON.parse(list.out), {
    _meta: { hostvars: { db1: vars } },
    all: { children: ['ungrouped', 'db'] },
    db: { hosts: ['db1'] },
  })
  assert.equal(JSON.parse((await run('inventory', '-i', hosts, '--host', 'db1')).out), vars)
  assert.is((await run('inventory', '-i', hosts, '--graph')).out, '@all:\n  |--@ungrouped:\n  |--@db:\n  |  |--db1\n')
  assert.is((await run('inventory', '-i', hosts, '--graph', 'db')).out, '@db:\n  |--db1\n')
  assert.match(
    (await run('inventory', '-i', hosts, '--list', '-y')).out,
    'db:\n      hosts:\n        db1:\n          port: 5432\n',
  )
})

const wrong: readonly (readonly [readonly string[], number, string])[] = [
  [['rum'], 5, 'there is no command "rum" — did you mean "run"?'],
  [['site.ts'], 5, 'next: hostwright run site.ts'],
  [['run'], 5, 'no playbook is named'],
  [['inventory', '-i', hosts], 5, 'one of --list, --host HOST and --graph'],
  [['logins', 'db1'], 5, 'hostwright logins takes no db1'],
  [['inventory', '--list'], 5, 'there is no inventory'],
  [['inventory', '-i', hosts, '--host', 'db2'], 1, 'there is no host db2'],
  [['doc', 'no_such_module_at_all'], 1, 'there is no module "no_such_module_at_all"'],
]
for (const [argv, code, message] of wrong)
  test(`refused: hostwright ${argv.join(' ').replace(folder, '')}`, async () => {
    const ended = await run(...argv)
    assert.is(ended.code, code)
    assert.match(ended.err, message)
    assert.is(ended.out, '')
  })

test('help and version', async () => {
  for (const argv of [[], ['--help'], ['run', '--help'], ['inventory', '-h'], ['doc', '-h'], ['logins', '-h']])
    assert.match((await run(...argv)).out, 'hostwright')
  assert.match((await run('--version')).out, /^hostwright \d+\.\d+\.\d+\n$/)
})

const definition = {
  name: 'package',
  summary: 'Installs packages.',
  params: {
    name: listOf(Type.String(), { description: 'Their names.' }),
    state: withDefault(choice(['present', 'absent']), 'present'),
    token: optional(secret()),
    both: optional(Type.Union([Type.String(), Type.Integer()])),
    env: optional(Type.Record(Type.String(), Type.Boolean())),
    nested: optional(Type.Object({ a: Type.Integer(), b: Type.Optional(Type.String()) })),
    any: optional(Type.Unknown()),
  },
  examples: [{ name: 'Two', params: { name: ['a', "b's"], token: new Secret('hush-hush'), 'odd-key': null } }],
} as unknown as AnyDefinition

test('a module’s page comes from its definition', () => {
  assert.is(
    modulePage({ importName: 'pkg', definition }),
    `package

  Installs packages.

In playbooks: pkg({ … })

Parameters (* must be given):

  * name: list of string
        Their names.
    state: "present" | "absent", default "present"
    token: secret
    both: string | integer
    env: names with boolean
    nested: { a: integer, b?: string }
    any: anything

Examples:

  // Two
  pkg({ name: ['a', 'b\\'s'], token: '…', 'odd-key': null })
`,
  )
  assert.is(moduleList([{ importName: 'pkg', definition }]), 'package  Installs packages.\n')
})

test.after(() => rmSync(folder, { recursive: true }))
test.run()
