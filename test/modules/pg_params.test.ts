import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { validate } from '../../lib/schema/index.ts'
import { Secret } from '../../lib/secret.ts'
import type { Call } from '../../lib/play/module.ts'
import * as modules from '../../modules/index.ts'

/** What a call is told before any host is touched. */
function complaints(call: Call): readonly string[] {
  const valid = validate(call.schema, call.params, 'parameter')
  if (!valid.ok) return valid.problems.map(({ message }) => message)
  return call.module.check?.(valid.value) ?? []
}

for (const [name, module] of Object.entries(modules).filter(([key]) => key.startsWith('pg_')))
  test(`${name}: its examples are valid`, () => {
    assert.is(module.definition.name, name)
    assert.ok(module.definition.examples.length > 0)
    for (const { params } of module.definition.examples)
      assert.equal(complaints((module as (written: unknown) => Call)(params)), [])
  })

const { pg_cluster, pg_conf, pg_hba, pg_membership, pg_privs, pg_query, pg_slot, pg_user } = modules
const wrong: readonly [string, Call, RegExp][] = [
  ['an attribute nobody knows', pg_user({ name: 'x', role_attr_flags: 'SUPERUSR' }), /unknown attribute SUPERUSR/],
  ['a slot name the server refuses', pg_slot({ name: 'Bad-Name' }), /"name" must match/],
  [
    'reserving for a logical slot',
    pg_slot({ name: 'x', slot_type: 'logical', immediately_reserve: true }),
    /physical slots only/,
  ],
  ['removing a cluster in passing', pg_cluster({ version: '17', state: 'absent' }), /force: true/],
  [
    'a setting that is no name',
    pg_conf({ version: '17', settings: { 'work_mem = 1; x': 1 } }),
    /cannot be the name of a setting/,
  ],
  ['settings for nowhere', pg_conf({ settings: { work_mem: 1 } }), /"version" or "path" is required/],
  [
    'a rule with a misspelt key',
    pg_hba({ version: '17', rules: [{ usr: 'x' } as never] }),
    /unknown key "usr" — did you mean "user/,
  ],
  [
    'a rule with a line break',
    pg_hba({ version: '17', rules: [{ users: 'x\nlocal all all trust' }] }),
    /"rules.0.users": a newline cannot/,
  ],
  ['a method that is none', pg_hba({ version: '17', rules: [{ method: 'scram' }] }), /must be one of/],
  ['rules that lock everybody out', pg_hba({ version: '17', overwrite: true, rules: [] }), /lock out postgres/],
  ['both kinds of values', pg_query({ query: 'x', positional_args: [], named_args: {} }), /exclude each other/],
  ['privileges on nothing', pg_privs({ privs: 'ALL', roles: 'x' }), /"objs" is required/],
  [
    'a state that is none',
    pg_membership({ groups: 'a', target_roles: 'b', state: 'exakt' as never }),
    /did you mean "exact"/,
  ],
]
for (const [name, call, message] of wrong)
  test(`refused before a host is touched: ${name}`, () => assert.match(complaints(call).join('\n'), message))

test('a setting may be a secret, a number, a truth value or nothing', () => {
  const settings = { primary_conninfo: new Secret('password=hush'), work_mem: 4096, hot_standby: true, port: null }
  assert.equal(complaints(pg_conf({ version: '17', settings })), [])
})

test.run()
