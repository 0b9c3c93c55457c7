import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { parseUnitFiles } from '../../../../lib/host/services/systemd-reader.ts'
import { systemctlError } from '../../../../lib/host/services/systemd.ts'
import { parseShow, parseUnits, stateFrom, templateOf, unitName } from '../../../../lib/host/services/unit.ts'

const show = (load: string, active: string, sub: string, file: string) =>
  `Id=x.service\nLoadState=${load}\nActiveState=${active}\nSubState=${sub}\nUnitFileState=${file}\nNeedDaemonReload=no\n`

const cases = [
  [
    'runs and is enabled',
    show('loaded', 'active', 'running', 'enabled'),
    { known: true, active: true, enabled: true, enableable: true },
  ],
  ['is not there', show('not-found', 'inactive', 'dead', ''), { known: false, active: false, enabled: false }],
  ['is starting', show('loaded', 'activating', 'start', 'disabled'), { active: true, enabled: false }],
  ['dies and is started again', show('loaded', 'activating', 'auto-restart', 'enabled'), { active: false }],
  [
    'waits in the queue to be started again',
    show('loaded', 'activating', 'auto-restart-queued', 'enabled'),
    { active: false },
  ],
  ['failed', show('loaded', 'failed', 'failed', 'disabled'), { active: false, known: true }],
  ['is reloading', show('loaded', 'reloading', 'reload', 'enabled'), { active: true }],
  ['is stopping', show('loaded', 'deactivating', 'stop-sigterm', 'enabled'), { active: false }],
  ['is static', show('loaded', 'active', 'running', 'static'), { enabled: true, enableable: false }],
  ['is indirect', show('loaded', 'inactive', 'dead', 'indirect'), { enabled: true, enableable: false }],
  [
    'comes from a generator',
    show('loaded', 'active', 'exited', 'enabled-runtime'),
    { enabled: true, enableable: true },
  ],
  ['is masked', show('masked', 'inactive', 'dead', 'masked'), { masked: true, enabled: false, known: true }],
] as const
for (const [what, text, expected] of cases)
  test(`a unit that ${what}`, () => {
    const state = stateFrom('x', parseShow(text))
    assert.equal(
      Object.fromEntries(Object.keys(expected).map((key) => [key, state[key as keyof typeof state]])),
      expected,
    )
  })

test('an init script is enabled as its links say, which come last', () => {
  const state = stateFrom(
    'x',
    parseShow(`${show('loaded', 'active', 'exited', 'generated')}SysV=yes\nUnitFileState=disabled\n`),
  )
  assert.is(state.enabled, false)
  assert.is(state.enableable, true)
})

test('a value may hold an equals sign', () => assert.is(parseShow('Description=a=b=c\n')['Description'], 'a=b=c'))

test('several units come one after the other', () =>
  assert.equal(parseUnits('Id=a.service\nDescription=A\n\nId=b.timer\nDescription=\n'), [
    { Id: 'a.service', Description: 'A' },
    { Id: 'b.timer', Description: '' },
  ]))

test('names of units', () => {
  assert.is(unitName('cron'), 'cron.service')
  assert.is(unitName('apt-daily.timer'), 'apt-daily.timer')
  assert.is(unitName('postgresql@17-main'), 'postgresql@17-main.service')
  assert.is(unitName('my.app'), 'my.app.service')
  assert.is(templateOf('postgresql@17-main.service'), 'postgresql@.service')
  assert.is(templateOf('getty@tty1.service'), 'getty@.service')
  assert.is(templateOf('cron.service'), undefined)
  assert.is(templateOf('postgresql@.service'), undefined)
})

test('all units of a host', () =>
  assert.equal(parseUnitFiles('cron.service     enabled  enabled\n-.mount          generated -\n'), [
    'cron.service',
    '-.mount',
  ]))

test('an error says what systemctl said, and the journal', () => {
  const said =
    'Job for x.service failed because the control process exited with error code.\nSee "systemctl status x.service" for details.\n'
  const error = systemctlError('start', 'x.service', said, 'Nov 20 x[1]: no database here\n', { host: 'h', rc: 1 })
  assert.is(
    error.message,
    'cannot start x.service: Job for x.service failed because the control process exited with error code.\nNov 20 x[1]: no database here',
  )
  assert.match(error.next ?? '', 'journalctl -u x.service')
  const denied = systemctlError(
    'start',
    'x.service',
    'Failed to start x.service: Interactive authentication required.\n',
    '',
    { host: 'h' },
  )
  assert.match(denied.next ?? '', 'become')
})

test.run()
