import { test } from 'uvu'
import * as assert from 'uvu/assert'
import { sh } from '../../lib/quote.ts'
import type { Host } from '../../lib/host/host.ts'
import { prove, refusal, runCall, simulate } from '../../lib/testing/index.ts'
import { hostname } from '../../modules/hostname.ts'
import { setup } from '../../modules/setup.ts'
import { labHost } from './on-lab-host.ts'

const { lab, asRoot, asAdmin } = await labHost({ id: 'm-hostname' })
const say = async (host: Host) =>
  (await host.ask(sh`uname -n; hostnamectl --static; cat /etc/hostname`)).stdout.trim().split('\n')

for (const { name, params } of hostname.definition.examples)
  test(`"${name}" is predicted, changes once, then nothing`, () =>
    asRoot(async (host) => {
      await prove(host, hostname(params))
      assert.equal(
        await say(host),
        Array.from({ length: 3 }, () => 'db1.example.org'),
      )
    }))

test('without systemd, hostname tells the kernel', () =>
  asRoot(async (host) => {
    await prove(host, hostname({ name: 'db2', use: 'debian' }))
    assert.equal(await say(host), ['db2', 'db2', 'db2'])
  }))

test('a name that only the kernel has is written to the file, and the other way round', () =>
  asRoot(async (host) => {
    await host.ask(sh`hostname db3`)
    const { diff } = await prove(host, hostname({ name: 'db3' }))
    assert.equal(diff[0]?.before, { running: 'db3', file: 'db2' })
    await host.ask(sh`hostname other`)
    await prove(host, hostname({ name: 'db3' }))
    assert.equal(await say(host), ['db3', 'db3', 'db3'])
  }))

test('facts are those of the new name, and in check mode, too', () =>
  asRoot(async (host) => {
    const simulated = simulate(host)
    const foreseen = await runCall(simulated, hostname({ name: 'db4' }))
    assert.is((await simulated.facts()).hostname, 'db4')
    assert.is((await host.facts()).hostname, 'db3')
    assert.is((await runCall(host, hostname({ name: 'db4' }))).changed, true)
    assert.is((await host.facts()).hostname, 'db4')
    const { result } = await runCall(host, setup({ filter: 'hostname' }))
    assert.equal(result, { ansible_facts: { ansible_hostname: 'db4' } })
    assert.is(foreseen.changed, true)
  }))

test('who is not root gets the reason, and nothing is changed', () =>
  asAdmin(async (host) => {
    assert.match(await refusal(host, hostname({ name: 'db5' })), /admin may not do this/)
    assert.equal(await say(host), ['db4', 'db4', 'db4'])
  }))

test('a name that is none is refused before the host is asked', () =>
  asRoot(async (host) => assert.match(await refusal(host, hostname({ name: '-x' })), 'must be a host name')))

test.after(() => lab.down())
test.run()
