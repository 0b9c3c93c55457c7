import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError, InputErrors } from '../../../lib/error.ts'
import { errorText } from '../../../lib/report/error.ts'

const show = (thrown: unknown, verbosity = 0) => errorText(thrown, { cwd: '/home/me/site', verbosity, colour: false })
const input = (message: string, details: ConstructorParameters<typeof HostwrightError>[1] = {}) =>
  new HostwrightError(message, { kind: 'input', ...details })

test('one error: what, where, why, what next', () => {
  const cause = new Error('EACCES: permission denied')
  const error = input('hosts.ini cannot be read', {
    place: { file: '/home/me/site/hosts.ini', line: 2 },
    next: 'chmod it',
    data: { code: 'EACCES' },
    cause,
  })
  assert.is(
    show(error),
    `ERROR! hosts.ini cannot be read
    hosts.ini:2
    code: EACCES
    cause: EACCES: permission denied
    next: chmod it
`,
  )
})

test('several errors of input: all of them, by place; the same one on many hosts once', () => {
  const place = { file: '/home/me/site/playbooks/db.ts', line: 12, column: 5 }
  const missing = (host: string) => input('pg_version is not set', { host, next: 'set it in group_vars' })
  const errors = new InputErrors([
    input('unknown parameter "lin"', { place, task: 'Tune', next: 'did you mean "line"?' }),
    missing('db1'),
    missing('db2'),
    input('path is missing', { place: { ...place, column: 9 }, task: 'Tune' }),
  ])
  assert.is(
    show(errors),
    `ERROR! 4 errors in what was given; no host was touched

playbooks/db.ts:12:
  unknown parameter "lin" ("Tune")
    next: did you mean "line"?
  path is missing ("Tune")

  pg_version is not set (on db1, db2)
    next: set it in group_vars
`,
  )
})

test('a defect asks to be reported; its stack comes with -vvv', () => {
  const text = show(new TypeError('x is not a function'))
  assert.match(text, 'probably a bug in hostwright: x is not a function')
  assert.match(text, 'next: please report it')
  assert.not.match(text, 'error.test.ts')
  assert.match(show(new TypeError('x'), 3), 'error.test.ts')
})

test.run()
