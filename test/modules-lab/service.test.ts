import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { HostwrightError } from '../../lib/error.ts'
import type { Host } from '../../lib/host/host.ts'
import type { ServiceState } from '../../lib/host/services/services.ts'
import { raw } from '../../lib/quote.ts'
import { pkg } from '../../modules/pkg.ts'
import { service } from '../../modules/service.ts'
import { systemd } from '../../modules/systemd.ts'
import { labHost } from './on-lab-host.ts'
import { prove, runCall, simulate } from '../../lib/testing/index.ts'

const { lab, asRoot, asAdmin } = await labHost({ id: 'm-service' })
const ask = async (host: Host, script: string): Promise<string> => (await host.ask(raw(script))).stdout.trim()
const unit = (name: string, lines: string): string =>
  `printf '%s\\n' '[Service]' ${lines} >/etc/systemd/system/${name}.service`

async function failure(work: Promise<unknown>): Promise<HostwrightError> {
  try {
    await work
  } catch (error) {
    if (error instanceof HostwrightError) return error
    throw error
  }
  return assert.unreachable('it should have failed') as never
}

for (const { name, params } of service.definition.examples)
  test(`service: "${name}" is predicted, changes once, then nothing`, () =>
    asRoot(async (host) => void (await prove(host, service(params)))))
for (const { name, params } of systemd.definition.examples)
  test(`systemd: "${name}" is predicted, changes once, then nothing`, () =>
    asRoot(async (host) => void (await prove(host, systemd(params)))))

test('a restart changes each time, and really restarts', () =>
  asRoot(async (host) => {
    const before = await ask(host, 'systemctl show -p MainPID --value cron')
    assert.is((await runCall(host, service({ name: 'cron', state: 'restarted' }))).changed, true)
    assert.is((await runCall(host, service({ name: 'cron', state: 'restarted' }))).changed, true)
    assert.is.not(await ask(host, 'systemctl show -p MainPID --value cron'), before)
  }))

test('a reload reaches a unit that can, and is refused in the plan by one that cannot', () =>
  asRoot(async (host) => {
    assert.is((await runCall(host, service({ name: 'ssh', state: 'reloaded' }))).changed, true)
    assert.match((await failure(runCall(host, service({ name: 'cron', state: 'reloaded' })))).message, 'no ExecReload')
  }))

test('a unit the host does not know is an error with the nearest name', () =>
  asRoot(async (host) =>
    assert.match(
      (await failure(runCall(host, service({ name: 'crn', state: 'started' })))).message,
      'did you mean "cron"',
    ),
  ))

test('a service that dies at once has not started: the error shows its journal', () =>
  asRoot(async (host) => {
    await ask(host, unit('dying', `'ExecStart=/bin/sh -c "echo no database here; exit 3"'`))
    const error = await failure(runCall(host, service({ name: 'dying', state: 'started' })))
    assert.match(error.message, 'no database here')
    assert.match(error.next ?? '', 'journalctl')
  }))

test('a service that dies again and again is not started', () =>
  asRoot(async (host) => {
    await ask(host, unit('looping', `'ExecStart=/bin/false' 'Restart=always' 'RestartSec=30'`))
    await failure(runCall(host, service({ name: 'looping', state: 'started' })))
    assert.is((await host.services.state('looping')).active, false)
    await prove(host, service({ name: 'looping', state: 'stopped' }))
  }))

test('a masked service is refused in the plan', () =>
  asRoot(async (host) => {
    await runCall(host, systemd({ name: 'cron', state: 'stopped', masked: true }))
    assert.match((await failure(runCall(host, service({ name: 'cron', state: 'started' })))).message, 'is masked')
    await runCall(host, systemd({ name: 'cron', state: 'started', masked: false, enabled: true }))
  }))

test('daemon_reload is done when a unit file is newer than the manager’s reading, and only then', () =>
  asRoot(async (host) => {
    await runCall(host, systemd({ daemon_reload: true }))
    assert.is((await runCall(host, systemd({ daemon_reload: true }))).changed, false)
    await ask(host, `sleep 0.05; ${unit('fresh', `'ExecStart=/bin/sleep infinity'`)}`)
    await prove(host, systemd({ daemon_reload: true }))
    await prove(host, systemd({ name: 'fresh', state: 'started' }))
    await ask(
      host,
      'sleep 0.05; mkdir -p /etc/systemd/system/fresh.service.d; printf "[Service]\\nNice=5\\n" >/etc/systemd/system/fresh.service.d/nice.conf',
    )
    await prove(host, systemd({ name: 'fresh', state: 'started', daemon_reload: true }))
    assert.is(await ask(host, 'systemctl show -p Nice --value fresh'), '5')
  }))

test('a static unit can be neither enabled nor disabled, and is left alone', () =>
  asRoot(async (host) => {
    await ask(host, unit('fixed', `'ExecStart=/bin/sleep infinity'`) + '; systemctl daemon-reload')
    assert.is((await runCall(host, service({ name: 'fixed', enabled: true }))).changed, false)
    assert.is((await runCall(host, service({ name: 'fixed', enabled: false }))).changed, false)
  }))

test('a service of an init script is enabled and disabled by its links', () =>
  asRoot(async (host) => {
    const header =
      '### BEGIN INIT INFO\\n# Provides: oldie\\n# Required-Start:\\n# Required-Stop:\\n# Default-Start: 2 3 4 5\\n# Default-Stop:\\n### END INIT INFO'
    await ask(
      host,
      `printf '#!/bin/sh\\n${header}\\nexit 0\\n' >/etc/init.d/oldie; chmod 755 /etc/init.d/oldie; systemctl daemon-reload`,
    )
    await prove(host, service({ name: 'oldie', enabled: true }))
    await prove(host, service({ name: 'oldie', enabled: false }))
  }))

test('units asked for together are told as if each were asked for alone', () =>
  asRoot(async (host) => {
    const files = (await host.services.units()).filter((name) => !name.includes('@.')).slice(0, 60)
    const names = [...files, 'oldie', 'cron', 'nosuch', 'getty@tty1', 'ssh*', 'with space']
    const told = ({ properties, ...state }: ServiceState) => ({ ...state, id: properties['Id'] })
    const together = await Promise.all(names.map((name) => host.services.state(name)))
    for (const [i, name] of names.entries())
      assert.equal(told(await host.services.state(name)), told(together[i] as ServiceState), name)
  }))

test('check mode predicts services of packages and unit files that are not there yet', () =>
  asRoot(async (host) => {
    const simulated = simulate(host)
    await failure(runCall(simulated, service({ name: 'haproxy', state: 'started' })))
    await runCall(simulated, pkg({ name: 'haproxy' }))
    assert.is((await runCall(simulated, service({ name: 'haproxy', state: 'started', enabled: true }))).changed, false)
    await simulated.files.write(
      '/etc/systemd/system/later@.service',
      Buffer.from('[Service]\nExecStart=/bin/sleep 9\n'),
    )
    const call = service({ name: 'later@one', state: 'started' })
    assert.is((await runCall(simulated, call)).changed, true)
    assert.is((await runCall(simulated, call)).changed, false)
    assert.is((await runCall(simulated, systemd({ daemon_reload: true }))).changed, true)
    assert.is((await runCall(simulated, systemd({ daemon_reload: true }))).changed, false)
  }))

test('without root the error says what to do', () =>
  asAdmin(async (host) =>
    assert.match((await failure(runCall(host, service({ name: 'cron', state: 'restarted' })))).next ?? '', 'become'),
  ))

test.after(() => lab.down())
test.run()
