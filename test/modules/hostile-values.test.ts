/** Hostile values as parameters: each is refused with the parameter's name before a host is touched, or stands in the configuration as one entry and itself. */
import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { validate } from '../../lib/schema/index.ts'
import type { Call } from '../../lib/play/module.ts'
import { cron } from '../../modules/cron.ts'
import { entry } from '../../lib/kit/cron/entry.ts'
import { pg_hba } from '../../modules/pg_hba.ts'
import { parseHba, renderRule } from '../../lib/kit/postgres/hba/hba.ts'
import { wantedRules, type HbaWanted } from '../../lib/kit/postgres/hba/hba-params.ts'
import { authorized_key } from '../../modules/authorized_key.ts'
import { drawnFrom, hostileValues } from '../support/hostile-values.ts'

/** The parameters as the module reads them, or undefined when they are refused. */
function accepted<T>(call: Call): T | undefined {
  const valid = validate(call.schema, call.params, 'parameter')
  if (!valid.ok) return undefined
  return (call.module.check?.(valid.value) ?? []).length === 0 ? (valid.value as T) : undefined
}

test('cron: the user and each field of the time are one word of a line', () => {
  for (const value of hostileValues())
    for (const field of ['minute', 'hour', 'day', 'month', 'weekday', 'user'] as const) {
      const params = { name: 'x', job: 'true', user: 'root', cron_file: 'x', [field]: value }
      const read = accepted<Parameters<typeof entry>[0] & { user: string }>(cron(params))
      if (read !== undefined) assert.is(entry(read, 'true', read.user).split(/\s/).length, 7, drawnFrom)
    }
})

test('pg_hba: one rule, whatever its parts hold', () => {
  for (const value of hostileValues())
    for (const part of ['users', 'databases', 'address', 'netmask', 'options', 'comment'] as const) {
      const params = {
        version: '17',
        contype: 'host' as const,
        address: '10.0.0.1',
        method: 'reject' as const,
        [part]: value,
      }
      const read = accepted<HbaWanted>(pg_hba(params))
      if (read === undefined) continue
      const [wanted] = wantedRules(read)
      const lines = wanted === undefined ? [] : parseHba(`${renderRule(wanted.rule)}\n`)
      assert.is(lines.length, 1, drawnFrom)
      assert.is(lines[0]?.rule?.method, 'reject', drawnFrom)
    }
})

test('authorized_key: what would end the comment or the options is refused', () => {
  const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGbZMVgUSp4ZbBtFYBFRkKPOZPBJEcRJKVFvq8NQnRkd'
  for (const bad of ['a\nb', 'a\rb', 'a\0b'])
    assert.is(accepted(authorized_key({ user: 'root', key, comment: bad })), undefined)
  for (const bad of ['restrict no-pty', 'restrict\nx', 'command="a', 'command="a\\"'])
    assert.is(accepted(authorized_key({ user: 'root', key, key_options: bad })), undefined)
})

test.run()
